import { describe, expect, it } from 'vitest'
import { dense, input } from '../layers/index.js'
import { categoricalCrossentropy } from '../losses/index.js'
import { functionalModel } from '../model/index.js'
import { scalarsAt, sgd } from '../optimizers/index.js'
import { runProgram } from '../testing/run-program.js'
import { applyGradientsName, createProgram } from './index.js'

const images = input({ shape: [2] })
const head = (name: string) => dense({ units: 2, activation: 'softmax', name })(images)
const model = functionalModel({
  inputs: images,
  output: head('main'),
  auxiliary: [{ output: head('side'), lossWeight: 0.5 }],
})
const optimizer = sgd({ learningRate: 0.5 })
const scalars = Object.fromEntries(Object.entries(scalarsAt(optimizer, 0)).map(([name, value]) => [name, [value]]))
const rows = [
  { image: [1, 0.5], target: [1, 0] },
  { image: [-0.5, 2], target: [0, 1] },
  { image: [0.25, -1], target: [0, 1] },
]
function batch(chosen: readonly number[], classWeights?: readonly number[]) {
  return {
    images: chosen.flatMap((index) => rows[index]?.image ?? []),
    targets: chosen.flatMap((index) => rows[index]?.target ?? []),
    sampleIndices: chosen.map((_, place) => place),
    seed: [1, 0],
    step: [0],
    ...(classWeights === undefined ? {} : { classWeights }),
  }
}

const running = (classWeights: boolean) =>
  runProgram(
    createProgram({
      model,
      loss: categoricalCrossentropy(),
      optimizer,
      classWeights,
      accumulation: true,
      batchSizes: { train: [3, 5], accumulate: [1, 2], evaluate: [3] },
    }),
  )

describe('the weight of a class', () => {
  const weighted = running(true)
  const { outputs } = weighted.run('train/3', { ...batch([0, 1, 2], [2, 1.5]), ...scalars })

  it('counts each of its samples so often, auxiliary heads included', () => {
    const twice = running(true)
    const plain = running(false)
    // [0, 1, 2] with the second class twice is the batch [0, 1, 1, 2, 2], whose mean is over five and not three.
    twice.run('train/3', { ...batch([0, 1, 2], [0.6, 1.2]), ...scalars })
    plain.run('train/5', { ...batch([0, 1, 1, 2, 2]), ...scalars })
    for (const name of ['main/kernel', 'side/kernel', 'side/bias']) {
      const expected = Array.from(plain.state.get(name) ?? [])
      expect(expected.length).toBeGreaterThan(1)
      expect(expected).not.toEqual(Array.from(running(false).state.get(name) ?? []))
      for (const [index, value] of expected.entries()) expect(twice.state.get(name)?.[index]).toBeCloseTo(value, 12)
    }
  })

  it('leaves the losses that are told as they are', () => {
    const { outputs: plain } = running(false).run('train/3', { ...batch([0, 1, 2]), ...scalars })
    expect(Array.from(outputs.losses?.data ?? [])).toEqual(Array.from(plain.losses?.data ?? []))
  })

  it('counts in micro-batches as in the whole batch', () => {
    const parts = running(true)
    parts.run('accumulate/1', batch([0], [2, 1.5]))
    parts.run('accumulate/2', batch([1, 2], [2, 1.5]))
    parts.run(applyGradientsName, { samples: [3], ...scalars })
    for (const name of ['main/kernel', 'side/bias']) {
      for (const [index, value] of Array.from(weighted.state.get(name) ?? []).entries()) {
        expect(parts.state.get(name)?.[index]).toBeCloseTo(value, 12)
      }
    }
  })
})
