import { describe, expect, it } from 'vitest'
import { costOf } from '../cost/index.js'
import { functionalModel, type SymbolicTensor } from '../model/index.js'
import { renderKeras, summarize } from '../summary/index.js'
import { errorOf } from '../testing/error-of.js'
import { forward } from '../testing/run-program.js'
import {
  activation,
  batchNormalization,
  conv2d,
  depthwiseConv2d,
  flatten,
  globalAveragePooling2d,
  input,
  relu6,
  separableConv2d,
} from './index.js'

/** Output channels and strides of the 13 blocks of MobileNet, table 1. */
const blocks = [
  ...[64, 128, 128, 256, 256, 512].map((filters, index) => [filters, index % 2 === 1 ? 2 : 1] as const),
  ...new Array<readonly [number, number]>(5).fill([512, 1]),
  [1024, 2],
  [1024, 1],
] as const

function mobileNet(images: SymbolicTensor): SymbolicTensor {
  const normalized = (x: SymbolicTensor) => relu6()(batchNormalization()(x))
  const plain = { padding: 'same', useBias: false } as const
  let x = normalized(conv2d({ filters: 32, kernelSize: 3, strides: 2, ...plain })(images))
  for (const [filters, strides] of blocks) {
    x = normalized(depthwiseConv2d({ kernelSize: 3, strides, ...plain })(x))
    x = normalized(conv2d({ filters, kernelSize: 1, ...plain })(x))
  }
  x = globalAveragePooling2d({ keepDimensions: true })(x)
  return activation({ function: 'softmax' })(flatten()(conv2d({ filters: 1000, kernelSize: 1 })(x)))
}

describe('depthwiseConv2d', () => {
  it('gives each channel its own channels, one after the other', () => {
    const images = input({ shape: [1, 1, 2] })
    const model = functionalModel({
      inputs: images,
      output: depthwiseConv2d({ kernelSize: 1, depthMultiplier: 2 })(images),
    })
    expect(model.weights.map(({ name, shape }) => [name, shape])).toEqual([
      ['depthwise_conv2d/depthwise_kernel', [1, 1, 2, 2]],
      ['depthwise_conv2d/bias', [4]],
    ])
    const state = new Map([
      ['depthwise_conv2d/depthwise_kernel', [1, 2, 3, 4]],
      ['depthwise_conv2d/bias', [0, 0, 0, 0.5]],
    ])
    expect(forward(model, 1, [10, 100], { state })).toEqual([10, 20, 300, 400.5])
  })

  // Keras' MobileNet has 4,253,864 parameters, 21,888 of them statistics; the paper counts 569 million multiply-adds.
  it('makes MobileNet, with the parameters of Keras and the multiply-adds of its paper', () => {
    const images = input({ shape: [224, 224, 3] })
    const model = functionalModel({ inputs: images, output: mobileNet(images) })
    const { totals } = costOf(model)
    expect(totals.parameters).toBe(4_253_864)
    expect(summarize(model).totals).toMatchObject({ nonTrainable: 21_888 })
    expect(totals.multiplyAdds).toBe(568_740_352)
    const printed = renderKeras(summarize(model))
    expect(printed).toMatch(' depthwise_conv2d (Depthwise  (None, 112, 112, 32)     288 ')
    expect(costOf(model).layers.find(({ name }) => name === 'conv2d_13')?.receptiveField?.size).toEqual([315, 315])
  })

  it('is named where its kernel does not fit', () => {
    const images = input({ shape: [2, 2, 3] })
    expect(errorOf(() => depthwiseConv2d({ kernelSize: 3 })(images)).message).toMatch(
      'The kernel of layer depthwise_conv2d is larger than its input.',
    )
    expect(errorOf(() => depthwiseConv2d({ kernelSize: 1 })(flatten()(images))).message).toMatch(/takes images/)
  })
})

describe('separableConv2d', () => {
  it('costs what its two convolutions cost', () => {
    const options = { strides: 2, padding: 'same' } as const
    const images = input({ shape: [9, 8, 3] })
    const both = functionalModel({
      inputs: images,
      output: separableConv2d({ filters: 5, kernelSize: 3, depthMultiplier: 2, ...options })(images),
    })
    const between = depthwiseConv2d({ kernelSize: 3, depthMultiplier: 2, useBias: false, ...options })(images)
    const apart = functionalModel({ inputs: images, output: conv2d({ filters: 5, kernelSize: 1 })(between) })
    expect(costOf(both).totals).toMatchObject({
      parameters: costOf(apart).totals.parameters,
      multiplyAdds: costOf(apart).totals.multiplyAdds,
    })
    expect(both.output.shape).toEqual(apart.output.shape)
    const field = (model: typeof both) => costOf(model).layers.at(-1)?.receptiveField
    expect(field(both)).toEqual(field(apart))
  })
})
