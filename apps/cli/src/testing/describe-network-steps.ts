import { fileURLToPath } from 'node:url'
import { alexnet } from '@convzoo/alexnet'
import { alexnetTwoTower } from '@convzoo/alexnet-twotower'
import {
  type Architecture,
  categoricalCrossentropy,
  createModel,
  type Engine,
  type Executable,
  type ImageShape,
  type Inputs,
  type NamedTensor,
  sgdw,
} from '@convzoo/core'
import { createProgram, functionName, initialState, type Program, seedWords } from '@convzoo/core/engine'
import { idxDataset } from '@convzoo/data'
import { nin } from '@convzoo/nin'
import { openSafetensors } from '@convzoo/safetensors'
import { zfnet } from '@convzoo/zfnet'
import { beforeAll, describe, expect, it } from 'vitest'

// Made by bench/reference/network_steps.py: ten steps in double precision, from the start that export-start.mjs writes.
const fixture = (network: string): string =>
  fileURLToPath(new URL(`../reference/fixtures/${network}-steps.safetensors`, import.meta.url))
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

/** An input of every program: one serves them all. */
const weightDecays = [0, 5e-4] as const

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

type Batches = Awaited<ReturnType<typeof batchesOf>>

/** Ten steps from the start; the losses. */
async function train(executable: Executable, batches: Batches, weightDecay: number): Promise<readonly number[]> {
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
  return losses
}

/** How far a weight moved, in all. */
function distance(from: Float32Array, to: Float32Array): number {
  let sum = 0
  for (let index = 0; index < to.length; index++) sum += ((to[index] ?? 0) - (from[index] ?? 0)) ** 2
  return Math.sqrt(sum)
}

/**
 * Ten training steps of each network on an engine, beside PyTorch in double precision: losses, and how far and where to each weight moved.
 *
 * @param tolerance Largest difference of a weight's moves as a part of them: 1e-4 on a CPU, 1e-3 on a GPU.
 */
export function describeNetworkSteps(create: () => Engine, tolerance: number): void {
  describe.each(cases)('ten training steps of $network beside PyTorch in double precision', (given) => {
    describeSteps(given, create, tolerance)
  })
}

function describeSteps(given: Case, create: () => Engine, tolerance: number): void {
  const { network, architecture, input, weights, dropout } = given
  const reference = new Map<string, Float32Array>()
  const start = new Map<string, NamedTensor>()
  let batches: Batches = []

  const programOf = (stochastic: boolean): Program =>
    createProgram({
      model: createModel(architecture, { input, classes: 10 }),
      loss: categoricalCrossentropy(),
      optimizer: sgdw({ weightDecay: 5e-4, momentum: 0.9 }),
      batchSizes: { train: [batchSize] },
      stochastic,
    })

  beforeAll(async () => {
    const file = await openSafetensors(fixture(network))
    for await (const { name, data } of file.read()) reference.set(name, data)
    await file.close()
    expect(file.metadata).toMatchObject({
      ...{ network, input: input.join('x'), steps: String(steps), batchSize: String(batchSize) },
      ...{ learningRate: String(learningRate), seed: String(seed) },
    })
    batches = await batchesOf(input)
    for (const tensor of initialState(programOf(false), seed)) start.set(tensor.name, tensor)
  })

  /** One after the other from the same start. */
  async function expectSameSteps(executable: Executable, program: Program, variant: string, weightDecay: number) {
    await executable.writeState(start.values())
    const losses = await train(executable, batches, weightDecay)
    const wantedLosses = reference.get(`${variant}/losses`) ?? []
    expect(losses).toHaveLength(steps)
    for (const [step, loss] of losses.entries()) {
      const wanted = wantedLosses[step] ?? Number.NaN
      expect(Math.abs(loss - wanted) / wanted, `${variant}: loss of step ${step}`).toBeLessThan(1e-5)
    }
    const names = program.state.filter(({ role }) => role === 'weight').map(({ name }) => name)
    expect(names).toHaveLength(weights)
    const errors: Record<string, number> = {}
    for await (const { name, data } of executable.readState(names)) {
      const before = start.get(name)?.data ?? new Float32Array()
      const wanted = Array.from(reference.get(`${variant}/${name}`) ?? [])
      const wantedNorm = reference.get(`${variant}/${name}/norm`)?.[0] ?? Number.NaN
      const at = placesOf(data.length, wanted.length).map((place) => (data[place] ?? Number.NaN) - (before[place] ?? 0))
      errors[name] = norm(at.map((value, index) => value - (wanted[index] ?? 0))) / norm(wanted)
      expect(norm(wanted), name).toBeGreaterThan(0)
      expect(Math.abs(distance(before, data) - wantedNorm) / wantedNorm, `${variant}: norm of ${name}`).toBeLessThan(
        tolerance,
      )
    }
    expect(Object.keys(errors)).toHaveLength(weights)
    expect(
      Object.entries(errors).filter(([, error]) => !(error < tolerance)),
      variant,
    ).toEqual([])
  }

  it.each(dropout ? (['plain', 'dropout'] as const) : (['plain'] as const))(
    'have the same losses, and move every weight alike, with and without decay: %s',
    async (kind) => {
      const program = programOf(kind === 'dropout')
      const executable = await create().compile(program)
      try {
        for (const weightDecay of weightDecays) {
          await expectSameSteps(executable, program, `${kind}/${weightDecay}`, weightDecay)
        }
      } finally {
        await executable.dispose()
      }
    },
    600_000,
  )
}
