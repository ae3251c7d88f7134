import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import * as entry from './index.js'
import { network, trainer } from './testing/brighter.js'

/** What someone may hand over by mistake. */
const odd: readonly unknown[] = [
  undefined,
  null,
  Number.NaN,
  -1,
  1.5,
  10n,
  Symbol('odd'),
  [null],
  Object.create(null),
  new Map(),
  Promise.resolve({}),
  class Odd {},
]

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'convzoo-arguments-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const made = () => entry.RunFolder.create(join(folder, 'run'), { id: 'brighter' })
const never = (value: unknown) => value as never

/** Each argument of each function in turn, with those before it as they should be. */
const calls: Readonly<Record<string, (value: unknown) => unknown>> = {
  'RunFolder.create, path': (value) => entry.RunFolder.create(never(value), {}),
  'RunFolder.create, configuration': (value) => entry.RunFolder.create(join(folder, 'b'), never(value)),
  'RunFolder.requireFree': (value) => entry.RunFolder.requireFree(never(value)),
  'RunFolder.files': (value) => entry.RunFolder.files(never(value)),
  'RunFolder.open': (value) => entry.RunFolder.open(never(value)),
  writeConfig: async (value) => (await made()).writeConfig(never(value)),
  writeEnvironment: async (value) => (await made()).writeEnvironment(never(value)),
  'RunFolder.create, whitening': (value) => entry.RunFolder.create(join(folder, 'c'), {}, undefined, never(value)),
  readMeanImage: async (value) => (await made()).readMeanImage(never(value)),
  'writeConfusion, rows': async (value) => (await made()).writeConfusion(never(value), ['a']),
  'writeMistakes, mistakes': async (value) => (await made()).writeMistakes(never(value)),
  'writeConfusion, classes': async (value) => (await made()).writeConfusion([[1]], never(value)),
  writeFilters: async (value) => (await made()).writeFilters(never(value)),
  'writePicture, name': async (value) => (await made()).writePicture(never(value), '<svg/>'),
  'writePicture, svg': async (value) => (await made()).writePicture('curves', never(value)),
  record: async (value) => (await made()).record(never(value)),
  'RunFolder.writeWeights, weights': async (value) => (await made()).writeWeights(never(value), trainer()),
  'RunFolder.writeWeights, trainer': async (value) => (await made()).writeWeights(network().weights, never(value)),
  writeCheckpoint: async (value) => (await made()).writeCheckpoint(never(value)),
  keepBest: async (value) => (await made()).keepBest(never(value)),
  resume: async (value) => (await made()).resume(never(value)),
  saveCheckpoint: (value) => trainer().saveCheckpoint(never(value)),
  loadCheckpoint: (value) => trainer().loadCheckpoint(never(value)),
  writeWeights: (value) => trainer().writeWeights(never(value)),
  'prefetch, makers': async (value) => entry.prefetch(never(value)).next(),
  classScores: (value) => entry.classScores(never(value)),
  confusions: (value) => entry.confusions(never(value)),
  'topClasses, probabilities': (value) => entry.topClasses(never(value), 1),
  'checkpointBytes, state': (value) => entry.checkpointBytes(never(value), 'float32'),
  'checkpointBytes, storage': (value) => entry.checkpointBytes([], never(value)),
  'topClasses, count': (value) => entry.topClasses([0.5, 0.5], never(value)),
  'waitMeter, warn': (value) => entry.waitMeter({ warn: never(value) }),
  'Trainer, callbacks': (value) => trainer([], 1, { callbacks: [never(value)] }),
}

/** What is right although it looks odd. */
const right: Readonly<Record<string, readonly unknown[]>> = {
  'RunFolder.create, configuration': [odd[8], odd[9]],
  'RunFolder.create, whitening': [odd[0]],
  writeConfig: [odd[8], odd[9]],
  writeEnvironment: [odd[8], odd[9]],
  saveCheckpoint: [odd[11]],
  'prefetch, makers': [odd[9]],
  'Trainer, callbacks': [],
  'waitMeter, warn': [odd[0], odd[11]],
}

describe('an argument that is none', () => {
  it.each(Object.entries(calls))('is refused in words by %s, and nothing is written', async (name, call) => {
    for (const value of odd) {
      if (right[name]?.includes(value)) continue
      const thrown: unknown = await Promise.resolve()
        .then(() => call(value))
        .then(
          () => 'taken',
          (error: unknown) => error,
        )
      expect(thrown, `given ${String(typeof value)}`).toMatchObject({ name: 'ConvzooError' })
      expect(readdirSync(folder).filter((file) => file !== 'run')).toEqual([])
      rmSync(join(folder, 'run'), { recursive: true, force: true })
    }
  })

  it('is refused by readState when it is called, before anything is compiled', () => {
    for (const names of [null, 7, 'dense', {}, [7], [null], () => undefined]) {
      expect(() => trainer().readState(never(names))).toThrow(expect.objectContaining({ kind: 'option' }))
    }
  })

  it('is a tensor that is there twice, of doubles, or whose values are not as many as its shape says', async () => {
    await using trained = trainer()
    const tensors: { name: string; shape: readonly number[]; data: Float32Array }[] = []
    for await (const tensor of trained.readWeights()) tensors.push(tensor)
    const [first] = tensors
    if (first === undefined) throw new Error('There are no weights.')
    for (const wrong of [
      first,
      { ...first, data: Float64Array.from(first.data) },
      { ...first, data: [...first.data] },
      { ...first, data: first.data.subarray(1) },
      { ...first, shape: null },
      { ...first, name: 7 },
      'dense',
    ]) {
      const refused = trained.writeWeights([...tensors, never(wrong)])
      await expect(refused).rejects.toMatchObject({ kind: 'state' })
    }
  })
})
