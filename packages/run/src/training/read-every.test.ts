import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { train } from '../index.js'
import { Project, tinyConfig } from '../testing/project.js'

const project = new Project()
let source = ''
beforeAll(async () => {
  source = await project.pictures()
})
afterAll(() => project[Symbol.dispose]())

async function trained(engine: string, more: object) {
  const folder = project.path(`${engine}-${JSON.stringify(more).replaceAll(/\W/g, '')}`)
  const training = { epochs: 2, batchSize: 2, ...more }
  await train(tinyConfig(source, { engine: { name: engine, device: 'cpu' }, training }), {
    folder,
    onWarning: () => undefined,
  })
  const lines = readFileSync(`${folder}/metrics.jsonl`, 'utf8').trimEnd().split('\n')
  const steps = lines.map((line) => JSON.parse(line)).filter(({ type }) => type === 'step')
  return {
    weights: readFileSync(`${folder}/weights.safetensors`),
    losses: steps.map(({ step, loss }) => [step, loss]),
  }
}

// Engine tfjs takes a batch while it computes the one before; engine onnx takes one after another.
describe.each(['tfjs', 'onnx'])('training.readEvery on %s', (engine) => {
  it('ends with the same weights, bit for bit, and the same records', async () => {
    const one = await trained(engine, {})
    const several = await trained(engine, { readEvery: 3 })
    expect(several.losses).toEqual(one.losses)
    expect(several.losses.length).toBeGreaterThan(3)
    expect(several.weights.equals(one.weights)).toBe(true)
  })

  it('is refused beside micro-batches before there is a run', async () => {
    const asked = trained(engine, { readEvery: 2, microBatchSize: 1 })
    await expect(asked).rejects.toMatchObject({ kind: 'option', sentence: expect.stringContaining('"readEvery"') })
  })
})
