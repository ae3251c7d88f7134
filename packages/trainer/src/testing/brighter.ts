import {
  type Dataset,
  dense,
  dropout,
  flatten,
  functionalModel,
  input,
  type Model,
  type StepRecord,
  sgdw,
} from '@convzoo/core'
import { interpreterEngine } from '@convzoo/core/engine'
import { Trainer } from '../node-trainer.js'
import type { TrainerOptions } from '../options.js'

/** Two classes that a line parts: whether the first pixel is brighter than the last. */
const samples: readonly (readonly number[])[] = Array.from({ length: 10 }, (_, index) => {
  const bright = 0.2 + index / 10
  return index % 2 === 0 ? [bright, 0.1, 0.1, 0] : [0, 0.1, 0.1, bright]
})

export function dataset(length = samples.length): Dataset {
  return {
    specification: 'dataset/v1',
    name: 'brighter',
    length,
    classes: ['first', 'last'],
    imageShape: [2, 2, 1],
    labels: Array.from({ length }, (_, index) => index % 2),
    batch: async (indices) => ({
      images: Float32Array.from(Array.from(indices).flatMap((index) => samples[index] ?? [])),
      targets: Float32Array.from(Array.from(indices).flatMap((index) => (index % 2 === 0 ? [1, 0] : [0, 1]))),
    }),
  }
}

export function network(): Model {
  const images = input({ shape: [2, 2, 1] })
  let x = flatten()(images)
  x = dense({ units: 8, activation: 'relu' })(x)
  x = dropout({ rate: 0.2 })(x)
  return functionalModel({ inputs: images, output: dense({ units: 2, activation: 'softmax' })(x) })
}

export const optimizer = () => sgdw({ weightDecay: 1e-4, momentum: 0.9, learningRate: 0.1 })

/** A trainer on the interpreter in single precision, as engines compute, that hands its steps over. */
export function trainer(steps: StepRecord[] = [], seed = 1, more: Partial<TrainerOptions> = {}): Trainer {
  return new Trainer({
    model: network(),
    engine: interpreterEngine({ precision: 'float32' }),
    optimizer: optimizer(),
    seed,
    callbacks: [{ onStep: (record) => void steps.push(record) }],
    ...more,
  })
}

export async function weightsOf(trained: Trainer): Promise<number[]> {
  const values: number[] = []
  for await (const { data } of trained.readWeights()) values.push(...data)
  return values
}
