import { adamW, createModel } from '@convzoo/core'
import { sizeOf } from '@convzoo/core/define'
import { onnx } from '@convzoo/engine-onnx'
import { describeArchitecture } from '@convzoo/plugin-kit'
import { describe, expect, it } from 'vitest'
import manifest from '../package.json' with { type: 'json' }
import { googlenet } from './googlenet.js'

describeArchitecture(googlenet, {
  manifest,
  engine: () => onnx({ device: 'cpu' }),
  optimizer: adamW({ learningRate: 5e-4 }),
  small: [65, 65, 1],
  sizes: [[112, 96, 1]],
  // Parameters as in Caffe's bvlc_googlenet without its auxiliary heads; shapes from table 1 of the paper.
  expected: {
    paper: {
      parameters: 6_998_552,
      shapes: {
        conv2d: [112, 112, 64],
        max_pooling2d: [56, 56, 64],
        conv2d_2: [56, 56, 192],
        concatenate: [28, 28, 256],
        concatenate_1: [28, 28, 480],
        concatenate_2: [14, 14, 512],
        concatenate_5: [14, 14, 528],
        concatenate_6: [14, 14, 832],
        concatenate_7: [7, 7, 832],
        concatenate_8: [7, 7, 1024],
      },
    },
  },
})

describe('the auxiliary heads of googlenet', () => {
  it('are two, which exist in training only, with the parameters of Caffe’s', () => {
    const { auxiliary, weights } = createModel(googlenet)
    const parameters = auxiliary.map((head) => head.weights.reduce((sum, { shape }) => sum + sizeOf(shape), 0))
    expect(parameters).toEqual([3_188_840, 3_190_888])
    expect(auxiliary.map(({ lossWeight }) => lossWeight)).toEqual([0.3, 0.3])
    const own = new Set(weights.map(({ name }) => name))
    expect(auxiliary.flatMap((head) => head.weights).filter(({ name }) => own.has(name))).toEqual([])
  })
})
