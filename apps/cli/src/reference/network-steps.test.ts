import { fileURLToPath } from 'node:url'
import { alexnet } from '@convzoo/alexnet'
import { alexnetTwoTower } from '@convzoo/alexnet-twotower'
import {
  type Architecture,
  categoricalCrossentropy,
  createModel,
  createProgram,
  functionName,
  type ImageShape,
  type Inputs,
  initialState,
  type Program,
  seedWords,
  sgdw,
} from '@convzoo/core'
import { idxDataset } from '@convzoo/data'
import { onnx } from '@convzoo/engine-onnx'
import { nin } from '@convzoo/nin'
import { openSafetensors } from '@convzoo/trainer'
import { zfnet } from '@convzoo/zfnet'
import { beforeAll, describe, expect, it } from 'vitest'

// Made by bench/reference/network_steps.py: ten steps in double precision, from the start that export-start.mjs writes.
const fixture = (network: string): string =>
  fileURLToPath(new URL(`./fixtures/${network}-steps.safetensors`, import.meta.url))
const fashion = (name: string): string =>
  fileURLToPath(new URL(`../../../../packages/data/src/fixtures/fashion-mnist/${name}.gz`, import.meta.url))

const steps = 10
const batchSize = 2
const learningRate = 0.005
const seed = 2

interface Case {
  readonly network: string
  readonly architecture: Architecture
  readonly input: ImageShape
  readonly weights: number
  readonly dropout: boolean
}

const cases: readonly Case[] = [
  { network: 'alexnet', architecture: alexnet, input: [67, 67, 1], weights: 16, dropout: true },
  { network: 'alexnet-twotower', architecture: alexnetTwoTower, input: [35, 35, 1], weights: 30, dropout: false },
  { network: 'zfnet', architecture: zfnet, input: [35, 35, 1], weights: 16, dropout: true },
  { network: 'nin', architecture: nin, input: [67, 67, 1], weights: 12, dropout: false },
]

const variants = [
  { variant: 'plain/0', weightDecay: 0, stochastic: false },
  { variant: 'plain/0.0005', weightDecay: 5e-4, stochastic: false },
  { variant: 'dropout/0', weightDecay: 0, stochastic: true },
  { variant: 'dropout/0.0005', weightDecay: 5e-4, stochastic: true },
] as const

/** The batches that the reference saw. The start keeps images as bytes, so that every program normalises the same numbers. */
async function batchesOf(imageShape: ImageShape): Promise<readonly Pick<Inputs, 'images' | 'targets'>[]> {
  const dataset = await idxDataset({
    images: fashion('train-images-idx3-ubyte'),
    labels: fashion('train-labels-idx1-ubyte'),
    imageShape,
    limit: steps * batchSize,
  })
  const normalised = (value: number): number => (Math.round(value * 255) / 255 - 0.286) / 0.353
  return Promise.all(
    Array.from({ length: steps }, async (_, step) => {
      const batch = await dataset.batch(Array.from({ length: batchSize }, (_, index) => step * batchSize + index))
      return { images: batch.images.map(normalised), targets: batch.targets }
    }),
  )
}

/** ⌊i·size / count⌋, as the script spreads its places. */
function placesOf(size: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => Math.floor((index * size) / count))
}

const norm = (values: readonly number[]): number => Math.hypot(...values)

async function train(program: Program, batches: Awaited<ReturnType<typeof batchesOf>>, weightDecay: number) {
  const executable = await onnx({ device: 'cpu' }).compile(program)
  try {
    const start = [...initialState(program, seed)]
    await executable.writeState(start)
    const losses: number[] = []
    for (const [step, batch] of batches.entries()) {
      const outputs = await executable.run(functionName('train', batchSize), {
        ...batch,
        sampleIndices: Uint32Array.from({ length: batchSize }, (_, index) => step * batchSize + index),
        seed: Uint32Array.from(seedWords(seed)),
        step,
        learningRate,
        weightDecay,
      })
      losses.push(Array.from(outputs.losses ?? []).reduce((sum, loss) => sum + loss, 0) / batchSize)
    }
    const weights = program.state.filter(({ role }) => role === 'weight').map(({ name }) => name)
    const startOf = new Map(start.map(({ name, data }) => [name, data]))
    const changes = new Map<string, Float32Array>()
    for await (const { name, data } of executable.readState(weights)) {
      const before = startOf.get(name) ?? new Float32Array()
      changes.set(
        name,
        data.map((value, index) => value - (before[index] ?? 0)),
      )
    }
    return { losses, changes }
  } finally {
    await executable.dispose()
  }
}

describe.each(cases)('ten training steps of $network beside PyTorch in double precision', (given) => {
  const { network, architecture, input, weights, dropout } = given
  const reference = new Map<string, Float32Array>()
  let batches: Awaited<ReturnType<typeof batchesOf>> = []

  beforeAll(async () => {
    const file = await openSafetensors(fixture(network))
    for await (const { name, data } of file.read()) reference.set(name, data)
    await file.close()
    expect(file.metadata).toMatchObject({
      ...{ network, input: input.join('x'), steps: String(steps), batchSize: String(batchSize) },
      ...{ learningRate: String(learningRate), seed: String(seed) },
    })
    batches = await batchesOf(input)
  })

  it.each(variants.filter(({ stochastic }) => dropout || !stochastic))(
    'have the same losses, and move every weight alike: $variant',
    async ({ variant, weightDecay, stochastic }) => {
      const program = createProgram({
        model: createModel(architecture, { input, classes: 10 }),
        loss: categoricalCrossentropy(),
        optimizer: sgdw({ weightDecay: 5e-4, momentum: 0.9 }),
        batchSizes: { train: [batchSize] },
        stochastic,
      })
      const { losses, changes } = await train(program, batches, weightDecay)
      const wantedLosses = reference.get(`${variant}/losses`) ?? []
      expect(losses).toHaveLength(steps)
      for (const [step, loss] of losses.entries()) {
        const wanted = wantedLosses[step] ?? Number.NaN
        expect(Math.abs(loss - wanted) / wanted, `loss of step ${step}`).toBeLessThan(1e-5)
      }
      expect(changes.size).toBe(weights)
      const errors: Record<string, number> = {}
      for (const [weight, change] of changes) {
        const wanted = Array.from(reference.get(`${variant}/${weight}`) ?? [])
        const wantedNorm = reference.get(`${variant}/${weight}/norm`)?.[0] ?? Number.NaN
        const at = placesOf(change.length, wanted.length).map((place) => change[place] ?? Number.NaN)
        errors[weight] = norm(at.map((value, index) => value - (wanted[index] ?? 0))) / norm(wanted)
        expect(norm(wanted), weight).toBeGreaterThan(0)
        const total = Math.sqrt(change.reduce((sum, value) => sum + value * value, 0))
        expect(Math.abs(total - wantedNorm) / wantedNorm, `norm of ${weight}`).toBeLessThan(1e-4)
      }
      expect(Object.entries(errors).filter(([, error]) => !(error < 1e-4))).toEqual([])
    },
    120_000,
  )
})
