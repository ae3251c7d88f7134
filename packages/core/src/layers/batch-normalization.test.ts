import { describe, expect, it } from 'vitest'
import { categoricalCrossentropy } from '../losses/index.js'
import { functionalModel } from '../model/index.js'
import { sgdw } from '../optimizers/index.js'
import { createProgram } from '../program/index.js'
import { summarize } from '../summary/index.js'
import { errorOf } from '../testing/error-of.js'
import { forward, runProgram } from '../testing/run-program.js'
import { batchNormalization, dense, input } from './index.js'

const on = (shape: readonly number[], options?: Parameters<typeof batchNormalization>[0]) => {
  const images = input({ shape })
  return functionalModel({ inputs: images, output: batchNormalization(options)(images) })
}

describe('batchNormalization', () => {
  it('has the weights of Keras, in its order, half of which no gradient moves', () => {
    const model = on([4, 4, 8])
    expect(model.weights.map(({ name, initializer, trainable }) => [name, initializer.type, trainable])).toEqual([
      ['batch_normalization/gamma', 'ones', true],
      ['batch_normalization/beta', 'zeros', true],
      ['batch_normalization/moving_mean', 'zeros', false],
      ['batch_normalization/moving_variance', 'ones', false],
    ])
    expect(summarize(model)).toMatchObject({ totals: { trainable: 16, nonTrainable: 16 } })
    expect(on([3], { center: false, scale: false }).weights.map(({ key }) => key)).toEqual([
      'moving_mean',
      'moving_variance',
    ])
  })

  it('takes the statistics of the batch in training, the moving ones in inference', () => {
    const state = new Map([
      ['batch_normalization/gamma', [2]],
      ['batch_normalization/beta', [10]],
      ['batch_normalization/moving_mean', [1]],
      ['batch_normalization/moving_variance', [3]],
    ])
    const model = on([1], { epsilon: 1 })
    // mean 4, variance 8, so √(8 + 1) = 3; and √(3 + 1) = 2
    expect(forward(model, 3, [4 - Math.sqrt(12), 4, 4 + Math.sqrt(12)], { state, training: true })).toEqual([
      expect.closeTo(10 - (2 * Math.sqrt(12)) / 3, 12),
      10,
      expect.closeTo(10 + (2 * Math.sqrt(12)) / 3, 12),
    ])
    expect(forward(model, 3, [4, 1, -1], { state })).toEqual([13, 10, 8])
  })

  it('moves its statistics once for each time it is applied', () => {
    const images = input({ shape: [1] })
    const shared = batchNormalization()
    const model = functionalModel({
      inputs: images,
      output: dense({ units: 2, activation: 'softmax' })(shared(shared(images))),
    })
    const program = createProgram({
      model,
      optimizer: sgdw({ weightDecay: 0 }),
      loss: categoricalCrossentropy(),
      batchSizes: { train: [2] },
    })
    const { state, run } = runProgram(program)
    const rates = { learningRate: [0.1], weightDecay: [0] }
    run('train/2', { images: [0, 4], targets: [1, 0, 0, 1], seed: [1, 0], step: [0], sampleIndices: [0, 1], ...rates })
    // Means 2, then 0; variances 4, then 4 / (4 + 0.001); momentum 0.99.
    expect(state.get('batch_normalization/moving_mean')?.[0]).toBeCloseTo(0.99 * (0.01 * 2), 10)
    const variance = 0.99 * (0.99 + 0.01 * 4) + 0.01 * (4 / 4.001)
    expect(state.get('batch_normalization/moving_variance')?.[0]).toBeCloseTo(variance, 10)
  })

  it.each([
    ['momentum', 1],
    ['momentum', -0.1],
    ['epsilon', 0],
    ['epsilon', Number.NaN],
  ])('refuses %s %s', (option, value) => {
    const error = errorOf(() => batchNormalization({ [option]: value }))
    expect(error).toMatchObject({ kind: 'option', received: String(value) })
    expect(error.message).toMatch(`"${option}" of layer batchNormalization`)
  })
})
