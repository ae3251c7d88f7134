import { fileURLToPath } from 'node:url'
import { alexnet } from '@convzoo/alexnet'
import {
  categoricalCrossentropy,
  createModel,
  createProgram,
  type Engine,
  functionName,
  type Inputs,
  initialState,
  type Program,
  seedWords,
  sgdw,
} from '@convzoo/core'
import { idxDataset } from '@convzoo/data'
import { onnx } from '@convzoo/engine-onnx'
import { openSafetensors } from '@convzoo/trainer'
import { beforeAll, describe, expect, it } from 'vitest'

// Made by bench/reference/alexnet_steps.py: ten steps in double precision, from the start that export-start.mjs writes.
const fixture = fileURLToPath(new URL('./fixtures/alexnet-steps.safetensors', import.meta.url))
const fashion = (name: string): string =>
  fileURLToPath(new URL(`../../../../packages/data/src/fixtures/fashion-mnist/${name}.gz`, import.meta.url))

const steps = 10
const batchSize = 2
const learningRate = 0.005
const imageShape = [67, 67, 1] as const

const reference = new Map<string, Float32Array>()
let batches: readonly Pick<Inputs, 'images' | 'targets'>[] = []

beforeAll(async () => {
  const file = await openSafetensors(fixture)
  for await (const { name, data } of file.read()) reference.set(name, data)
  await file.close()
  expect(file.metadata).toMatchObject({ steps: '10', batchSize: '2', learningRate: '0.005', seed: '2' })
  const dataset = await idxDataset({
    images: fashion('train-images-idx3-ubyte'),
    labels: fashion('train-labels-idx1-ubyte'),
    imageShape,
    limit: steps * batchSize,
  })
  // The start keeps images as bytes, so that every program normalises the same numbers.
  const normalised = (value: number): number => (Math.round(value * 255) / 255 - 0.286) / 0.353
  batches = await Promise.all(
    Array.from({ length: steps }, async (_, step) => {
      const batch = await dataset.batch(Array.from({ length: batchSize }, (_, index) => step * batchSize + index))
      return { images: batch.images.map(normalised), targets: batch.targets }
    }),
  )
})

const variants = [
  { name: 'plain/0', weightDecay: 0, dropout: false },
  { name: 'plain/0.0005', weightDecay: 5e-4, dropout: false },
  { name: 'dropout/0', weightDecay: 0, dropout: true },
  { name: 'dropout/0.0005', weightDecay: 5e-4, dropout: true },
] as const

function trainingProgram(dropout: boolean): Program {
  return createProgram({
    model: createModel(alexnet, { input: imageShape, classes: 10 }),
    loss: categoricalCrossentropy(),
    optimizer: sgdw({ weightDecay: 5e-4, momentum: 0.9 }),
    batchSizes: { train: [batchSize] },
    stochastic: dropout,
  })
}

/** ⌊i·size / count⌋, as the script spreads its places. */
function placesOf(size: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => Math.floor((index * size) / count))
}

const norm = (values: readonly number[]): number => Math.hypot(...values)

async function train(engine: Engine, dropout: boolean, weightDecay: number) {
  const program = trainingProgram(dropout)
  const executable = await engine.compile(program)
  const start = new Map([...initialState(program, 2)].map(({ name, data }) => [name, data]))
  await executable.writeState(initialState(program, 2))
  const losses: number[] = []
  for (const [step, batch] of batches.entries()) {
    const outputs = await executable.run(functionName('train', batchSize), {
      ...batch,
      sampleIndices: Uint32Array.from({ length: batchSize }, (_, index) => step * batchSize + index),
      seed: Uint32Array.from(seedWords(2)),
      step,
      learningRate,
      weightDecay,
    })
    losses.push(Array.from(outputs.losses ?? []).reduce((sum, loss) => sum + loss, 0) / batchSize)
  }
  const weights = program.state.filter(({ role }) => role === 'weight').map(({ name }) => name)
  const changes = new Map<string, number[]>()
  for await (const { name, data } of executable.readState(weights)) {
    const before = start.get(name) ?? new Float32Array()
    changes.set(
      name,
      Array.from(data, (value, index) => value - (before[index] ?? 0)),
    )
  }
  await executable.dispose()
  return { losses, changes }
}

describe.each(variants)(
  'ten training steps of AlexNet, $name, beside PyTorch in double precision',
  ({ name, weightDecay, dropout }) => {
    it('has the same losses, and moves every weight alike', async () => {
      const { losses, changes } = await train(onnx({ device: 'cpu' }), dropout, weightDecay)
      const wantedLosses = reference.get(`${name}/losses`) ?? []
      expect(losses).toHaveLength(wantedLosses.length)
      for (const [step, loss] of losses.entries()) {
        expect(Math.abs(loss - (wantedLosses[step] ?? 0)) / loss, `loss of step ${step}`).toBeLessThan(1e-5)
      }
      expect(changes.size).toBe(16)
      const errors: Record<string, number> = {}
      for (const [weight, change] of changes) {
        const wanted = Array.from(reference.get(`${name}/${weight}`) ?? [])
        const wantedNorm = reference.get(`${name}/${weight}/norm`)?.[0] ?? Number.NaN
        const at = placesOf(change.length, wanted.length).map((place) => change[place] ?? Number.NaN)
        errors[weight] = norm(at.map((value, index) => value - (wanted[index] ?? 0))) / norm(wanted)
        expect(norm(wanted), weight).toBeGreaterThan(0)
        const total = Math.sqrt(change.reduce((sum, value) => sum + value * value, 0))
        expect(Math.abs(total - wantedNorm) / wantedNorm, `norm of ${weight}`).toBeLessThan(1e-4)
      }
      expect(Object.entries(errors).filter(([, error]) => !(error < 1e-4))).toEqual([])
    }, 120_000)
  },
)
