import { type Model, type NamedTensor, replaceHead } from '@convzoo/core'
import { describe, expect, it } from 'vitest'
import type { Trainer } from './node-trainer.js'
import { dataset, network, trainer } from './testing/brighter.js'

async function weightsOf(trained: Trainer): Promise<readonly NamedTensor[]> {
  const tensors: NamedTensor[] = []
  for await (const tensor of trained.readWeights()) tensors.push(tensor)
  return tensors
}

const another = (): Model => replaceHead(network(), 5)
const partial = true

describe('weights that are written in part', () => {
  it('are those of the same names and shapes; the rest stays, and all of it is told', async () => {
    await using source = trainer([], 2)
    await source.fit(dataset(), { epochs: 1, batchSize: 4 })
    await using target = trainer([], 1, { model: another() })
    const before = await weightsOf(target)
    const given = await weightsOf(source)
    const told = await target.writeWeights(source.readWeights(), { partial })
    const after = await weightsOf(target)
    expect(told.taken).toEqual(['dense/kernel', 'dense/bias'])
    const rest = before.map(({ name }) => name).filter((name) => !told.taken.includes(name))
    expect([...told.missing, ...told.misshapen.map(({ name }) => name)].toSorted()).toEqual(rest.toSorted())
    for (const { name, data } of after) {
      const from = told.taken.includes(name) ? given : before
      expect(data, name).toEqual(from.find((tensor) => tensor.name === name)?.data)
    }
  })

  it('are all where all fit, whether some would do or not', async () => {
    await using source = trainer([], 2)
    const names = network().weights.map(({ name }) => name)
    await using target = trainer()
    const expected = { taken: names, left: [], missing: [], misshapen: [] }
    expect(await target.writeWeights(source.readWeights())).toEqual(expected)
    expect(await target.writeWeights(source.readWeights(), { partial })).toEqual(expected)
    expect(await weightsOf(target)).toEqual(await weightsOf(source))
  })

  it('are refused where none fits, one is there twice or not finite, or all have to; then nothing changes', async () => {
    await using target = trainer([], 1, { model: another() })
    await using source = trainer([], 2)
    const before = await weightsOf(target)
    const [first] = await weightsOf(source)
    if (first === undefined) throw new Error('There are no weights.')
    await expect(target.writeWeights([{ ...first, name: 'other' }], { partial })).rejects.toMatchObject({
      kind: 'state',
      message: expect.stringContaining('None of the tensors'),
    })
    await expect(target.writeWeights([], { partial })).rejects.toMatchObject({ kind: 'state' })
    await expect(target.writeWeights([first, first], { partial })).rejects.toMatchObject({ kind: 'state' })
    const broken = { ...first, data: first.data.map(() => Number.NaN) }
    await expect(target.writeWeights([broken], { partial })).rejects.toMatchObject({ kind: 'numeric' })
    await expect(target.writeWeights(source.readWeights())).rejects.toMatchObject({ kind: 'state' })
    expect(await weightsOf(target)).toEqual(before)
  })
})
