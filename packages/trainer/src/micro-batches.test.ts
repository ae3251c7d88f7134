import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  adamW,
  batchNormalization,
  dense,
  dropout,
  type Engine,
  flatten,
  functionalModel,
  input,
  type Model,
  type Optimizer,
  type StepRecord,
  sgdw,
} from '@convzoo/core'
import { interpreterEngine } from '@convzoo/core/engine'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Trainer } from './node-trainer.js'
import type { TrainerOptions } from './options.js'
import { dataset, network, optimizer, trainer } from './testing/brighter.js'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'convzoo-micro-batches-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const job = { epochs: 2, batchSize: 4 }

/** All state, slots and averages included. */
async function stateOf(trained: Trainer): Promise<Record<string, number[]>> {
  const state: Record<string, number[]> = {}
  for await (const { name, data } of trained.readState()) state[name] = [...data]
  return state
}

async function trainedWith(more: Partial<TrainerOptions>, batchSize = 4) {
  const steps: StepRecord[] = []
  await using trained = trainer([], 1, { ...more, callbacks: [{ onStep: (record) => void steps.push(record) }] })
  await trained.fit(dataset(), { epochs: 2, batchSize })
  return { state: await stateOf(trained), losses: steps.map(({ loss }) => loss) }
}

/** Sums over micro-batches are not rounded as sums over the whole are: in single precision they differ in the last bits. */
function expectClose(received: Record<string, number[]>, expected: Record<string, number[]>): void {
  expect(Object.keys(received)).toEqual(Object.keys(expected))
  for (const [name, values] of Object.entries(expected)) {
    values.forEach((value, index) => {
      expect(Math.abs((received[name]?.[index] ?? Number.NaN) - value), name).toBeLessThanOrEqual(1e-6)
    })
  }
}

/** A network with heads that exist in training only, as GoogLeNet's. */
function withHeads(): Model {
  const images = input({ shape: [2, 2, 1] })
  const x = dense({ units: 8, activation: 'relu' })(flatten()(images))
  const head = dense({ units: 2, activation: 'softmax', name: 'head' })(dropout({ rate: 0.4 })(x))
  const output = dense({ units: 2, activation: 'softmax' })(dense({ units: 4, activation: 'relu' })(x))
  return functionalModel({ inputs: images, output, auxiliary: [{ output: head, lossWeight: 0.3 }] })
}

function normalized(): Model {
  const images = input({ shape: [2, 2, 1] })
  const x = batchNormalization()(dense({ units: 4 })(flatten()(images)))
  return functionalModel({ inputs: images, output: dense({ units: 2, activation: 'softmax' })(x) })
}

const clipped = (): Optimizer =>
  sgdw({ weightDecay: 1e-3, momentum: 0.9, learningRate: 0.1, clipping: { globalNorm: 0.05 } })

describe.each([
  ['SGDW', {}],
  ['SGDW, clipped by the global norm', { optimizer: clipped() }],
  ['AdamW', { optimizer: adamW({ learningRate: 1e-3 }) }],
  ['averages', { average: { decay: 0.9 } }],
  ['auxiliary heads, averages and clipping', { model: withHeads(), average: { decay: 0.5 }, optimizer: clipped() }],
] satisfies [string, Partial<TrainerOptions>][])(
  'a batch that is gone through in micro-batches, with %s',
  (_, more) => {
    it.each([1, 3, 4, 9])('of at most %i is a step over all of it', async (microBatchSize) => {
      const whole = await trainedWith(more)
      const accumulated = await trainedWith({ ...more, microBatchSize })
      expectClose(accumulated.state, whole.state)
      for (const [step, loss] of accumulated.losses.entries())
        expect(loss).toBeCloseTo(whole.losses[step] ?? Number.NaN, 6)
    })
  },
)

describe('micro-batches', () => {
  it('drop out what the whole batch does, whatever their sizes', async () => {
    const all = await Promise.all([2, 5, 7].map((microBatchSize) => trainedWith({ microBatchSize }, 10)))
    const whole = await trainedWith({}, 10)
    for (const { state, losses } of all) {
      expectClose(state, whole.state)
      expect(losses[0]).toBeCloseTo(whole.losses[0] ?? Number.NaN, 7)
    }
  })

  it.each([1, 2, 3, 4, 5])('lead on from a checkpoint after step %i bit for bit', async (stop) => {
    const more = { microBatchSize: 3, average: { decay: 0.8 } }
    const path = join(folder, 'a.safetensors')
    const whole = await trainedWith(more)
    const controller = new AbortController()
    await using stopped = trainer([], 1, {
      ...more,
      callbacks: [{ onStep: ({ step }) => (step + 1 === stop ? controller.abort() : undefined) }],
    })
    await stopped.fit(dataset(), { ...job, signal: controller.signal })
    await stopped.saveCheckpoint(path)
    await using resumed = trainer([], 1, more)
    await resumed.loadCheckpoint(path)
    await resumed.fit(dataset(), job)
    expect(await stateOf(resumed)).toEqual(whole.state)
  })

  it('may be of another size, or the whole, when training goes on: checkpoints hold nothing of them', async () => {
    const path = join(folder, 'a.safetensors')
    const whole = await trainedWith({})
    for (const [before, after] of [
      [{ microBatchSize: 2 }, {}],
      [{}, { microBatchSize: 3 }],
    ]) {
      await using first = trainer([], 1, before)
      await first.fit(dataset(), { ...job, epochs: 1 })
      await first.saveCheckpoint(path)
      await using second = trainer([], 1, after)
      await second.loadCheckpoint(path)
      await second.fit(dataset(), job)
      expectClose(await stateOf(second), whole.state)
    }
  })

  it.each([
    ['in its last micro-batch', 2, 0.1],
    // Infinite in single precision.
    ['in its update', 0, 1e39],
  ])('leave nothing of a step that is not finite %s', async (_, part, learningRate) => {
    const more = { model: normalized(), average: { decay: 0.5 }, microBatchSize: 2 }
    const steep = sgdw({ weightDecay: 0, momentum: 0.9, learningRate })
    await using trained = trainer([], 1, { ...more, optimizer: steep, engine: exploding(part) })
    const before = await stateOf(trained)
    await expect(trained.fit(dataset(), { epochs: 1, batchSize: 4 })).rejects.toMatchObject({ kind: 'numeric' })
    expect(await stateOf(trained)).toEqual(before)
    expect(trained.position.step).toBe(0)
  })

  it('are what is compiled, in place of whole batches', async () => {
    const compiled: string[][] = []
    const engine = interpreterEngine({ precision: 'float32' })
    const watched: Engine = {
      ...engine,
      compile: (program, options) => {
        compiled.push(Object.keys(program.functions))
        return engine.compile(program, options)
      },
    }
    await using trained = trainer([], 1, { engine: watched, microBatchSize: 3, average: { decay: 0.9 } })
    await trained.fit(dataset(), { ...job, validation: dataset(), validationWeights: 'average' })
    expect(compiled.map((names) => names.toSorted())).toEqual([
      [
        'accumulate/1',
        'accumulate/2',
        'accumulate/3',
        'applyGradients',
        'evaluate/2',
        'evaluate/4',
        'evaluateAverages/2',
        'evaluateAverages/4',
        'zeroGradients',
      ],
    ])
  })
})

/** An engine that gets targets that are not finite in the call of `accumulate` of this number, from 1. */
function exploding(call: number): Engine {
  const engine = interpreterEngine({ precision: 'float32' })
  let calls = 0
  return {
    ...engine,
    async compile(program, options) {
      const compiled = await engine.compile(program, options)
      return {
        description: compiled.description,
        readState: (names) => compiled.readState(names),
        writeState: (tensors) => compiled.writeState(tensors),
        dispose: () => compiled.dispose(),
        run: (name, inputs) => {
          const explodes = name.startsWith('accumulate') && ++calls === call
          const { targets } = inputs
          return explodes && typeof targets === 'object'
            ? compiled.run(name, { ...inputs, targets: Float32Array.from(targets, () => Number.POSITIVE_INFINITY) })
            : compiled.run(name, inputs)
        },
      }
    },
  }
}

describe('averages of weights', () => {
  const average = { decay: 0.9 }

  it('are evaluated, predicted and read where they are asked for', async () => {
    await using trained = trainer([], 1, { average })
    await trained.fit(dataset(), job)
    const images = Float32Array.from({ length: 12 }, (_, index) => index / 12)
    const own = await trained.evaluate(dataset(), { batchSize: 4 })
    const averaged = await trained.evaluate(dataset(), { batchSize: 4, weights: 'average' })
    expect(averaged.loss).not.toBe(own.loss)
    await using plain = trainer()
    await plain.writeWeights(trained.readWeights({ weights: 'average' }))
    expect(await plain.evaluate(dataset(), { batchSize: 4 })).toEqual(averaged)
    expect(await plain.predict(images)).toEqual(await trained.predict(images, { weights: 'average' }))
    await plain.writeWeights(trained.readWeights())
    expect(await plain.evaluate(dataset(), { batchSize: 4 })).toEqual(own)
  })

  it('follow the weights: a ← d·a + (1 − d)·w, from the first step on', async () => {
    const seen: number[] = []
    const trained = trainer([], 1, {
      average,
      callbacks: [{ onStep: async () => void seen.push((await stateOf(trained))['dense/bias']?.[0] ?? Number.NaN) }],
    })
    await trained.fit(dataset(), job)
    const expected = seen.slice(1).reduce((mean, weight) => 0.9 * mean + 0.1 * weight, seen[0] ?? Number.NaN)
    expect((await stateOf(trained))['dense/bias/average']?.[0]).toBeCloseTo(expected, 6)
    await trained.dispose()
  })

  it('may be what is validated, and do not change how weights move', async () => {
    await using trained = trainer([], 1, { average })
    const looks = { validation: dataset(), validationWeights: 'average' } as const
    const { validation } = await trained.fit(dataset(), { ...job, ...looks })
    expect(validation).toEqual(await trained.evaluate(dataset(), { batchSize: 4, weights: 'average' }))
    const plain = await trainedWith({})
    expect(await stateOf(trained)).toMatchObject(plain.state)
  })

  it('stay in checkpoints, and are as they would be had training never stopped', async () => {
    const path = join(folder, 'a.safetensors')
    await using first = trainer([], 1, { average })
    await first.fit(dataset(), { ...job, epochs: 1 })
    await first.saveCheckpoint(path)
    await using second = trainer([], 1, { average })
    await second.loadCheckpoint(path)
    await second.fit(dataset(), job)
    expect(await stateOf(second)).toEqual((await trainedWith({ average })).state)
    await using without = trainer()
    await expect(without.loadCheckpoint(path)).rejects.toThrow('dense/bias/average')
  })

  it('are refused where none are kept, and before there are any', async () => {
    await using plain = trainer()
    await using fresh = trainer([], 1, { average })
    const weights = 'average'
    for (const [trained, kind] of [
      [plain, 'option'],
      [fresh, 'state'],
    ] as const) {
      await expect(trained.evaluate(dataset(), { batchSize: 4, weights })).rejects.toMatchObject({ kind })
      await expect(trained.predict(new Float32Array(4), { weights })).rejects.toMatchObject({ kind })
      expect(() => trained.readWeights({ weights })).toThrow(expect.objectContaining({ kind }))
    }
    const looks = { validation: dataset(), validationWeights: weights } as const
    await expect(plain.fit(dataset(), { ...job, ...looks })).rejects.toMatchObject({ kind: 'option' })
    expect(network().weights).toHaveLength(optimizer().slots.length * 4)
  })
})
