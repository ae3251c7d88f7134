import {
  batchNormalization,
  conv2d,
  type Dataset,
  dense,
  dropout,
  flatten,
  functionalModel,
  input,
  type Model,
  sgdw,
} from '@convzoo/core'
import { onnx } from '@convzoo/engine-onnx'
import { Trainer } from '@convzoo/trainer'
import { describe, expect, it } from 'vitest'

const dataset: Dataset = {
  specification: 'dataset/v1',
  name: 'corners',
  length: 14,
  classes: ['left', 'right'],
  imageShape: [4, 4, 1],
  batch: async (indices) => ({
    images: Float32Array.from(
      Array.from(indices).flatMap((index) =>
        Array.from({ length: 16 }, (_, at) => (at % 4 < 2 === (index % 2 === 0) ? 0.9 : 0.1) + index / 50),
      ),
    ),
    targets: Float32Array.from(Array.from(indices).flatMap((index) => (index % 2 === 0 ? [1, 0] : [0, 1]))),
  }),
}

/** With a head that exists in training only, and dropout; where it is asked for with batch normalization. */
function network(normalizes: boolean): Model {
  const images = input({ shape: [4, 4, 1] })
  const maps = conv2d({ filters: 3, kernelSize: 3, activation: 'relu' })(images)
  const trunk = dropout({ rate: 0.3 })(flatten()(normalizes ? batchNormalization()(maps) : maps))
  const head = dense({ units: 2, activation: 'softmax', name: 'head' })(trunk)
  const output = dense({ units: 2, activation: 'softmax' })(dense({ units: 4, activation: 'relu' })(trunk))
  return functionalModel({ inputs: images, output, auxiliary: [{ output: head, lossWeight: 0.3 }] })
}

async function trained(microBatchSize: number | undefined, { normalizes = false, learningRate = 0.05 } = {}) {
  await using trainer = new Trainer({
    model: network(normalizes),
    engine: onnx({ device: 'cpu', threads: 1 }),
    optimizer: sgdw({ weightDecay: 1e-3, momentum: 0.9, learningRate, clipping: { globalNorm: 0.5 } }),
    average: { decay: 0.9 },
    microBatchSize,
  })
  const stateOf = async (): Promise<Map<string, number[]>> => {
    const state = new Map<string, number[]>()
    for await (const { name, data } of trainer.readState()) state.set(name, [...data])
    return state
  }
  const before = await stateOf()
  const error: unknown = await trainer.fit(dataset, { epochs: 2, batchSize: 6 }).then(
    () => undefined,
    (reason: unknown) => reason,
  )
  const state = await stateOf()
  const score = error === undefined ? await trainer.evaluate(dataset, { batchSize: 7, weights: 'average' }) : undefined
  return { before, state, error, score }
}

describe('on engine onnx, a batch that is gone through in parts', () => {
  it.each([1, 4, 6])('of at most %i is a step over all of it, but for the last bits', async (microBatchSize) => {
    const whole = await trained(undefined)
    const parts = await trained(microBatchSize)
    expect([...parts.state.keys()]).toEqual([...whole.state.keys()])
    for (const [name, values] of whole.state) {
      values.forEach((value, index) => {
        expect(Math.abs((parts.state.get(name)?.[index] ?? Number.NaN) - value), name).toBeLessThanOrEqual(1e-6)
      })
    }
    expect(parts.score?.loss).toBeCloseTo(whole.score?.loss ?? Number.NaN, 5)
  })

  it('leaves nothing of a step whose update is not finite, statistics included', async () => {
    // Infinite in single precision.
    const { before, state, error } = await trained(4, { normalizes: true, learningRate: 1e39 })
    expect(error).toMatchObject({ kind: 'numeric' })
    expect(state).toEqual(before)
  })
})
