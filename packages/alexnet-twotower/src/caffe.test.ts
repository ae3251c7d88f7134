import { createModel, summarize } from '@convzoo/core'
import { describe, expect, it } from 'vitest'
import { alexnetTwoTower } from './alexnet-twotower.js'

const model = createModel('alexnet-twotower.caffe')

describe('alexnet-twotower.caffe', () => {
  // models/bvlc_alexnet/train_val.prototxt of https://github.com/BVLC/caffe.
  it('has the layers of bvlc_alexnet, each with its output and its parameters', () => {
    const rows = summarize(model).layers.map(({ keras, outputShape, parameters }) => {
      return [keras, outputShape.join('×'), parameters]
    })
    expect(rows).toEqual([
      ['InputLayer', '227×227×3', 0],
      ['Conv2D', '55×55×96', 34_944],
      ['LocalResponseNormalization', '55×55×96', 0],
      ['MaxPooling2D', '27×27×96', 0],
      ['Conv2D', '27×27×256', 307_456],
      ['LocalResponseNormalization', '27×27×256', 0],
      ['MaxPooling2D', '13×13×256', 0],
      ['Conv2D', '13×13×384', 885_120],
      ['Conv2D', '13×13×384', 663_936],
      ['Conv2D', '13×13×256', 442_624],
      ['MaxPooling2D', '6×6×256', 0],
      ['Flatten', '9216', 0],
      ['Dense', '4096', 37_752_832],
      ['Dropout', '4096', 0],
      ['Dense', '4096', 16_781_312],
      ['Dropout', '4096', 0],
      ['Dense', '1000', 4_097_000],
    ])
    expect(summarize(model).totals.parameters).toBe(60_965_224)
  })

  it('normalises as Caffe does: k = 1, and α = 1e-4 over 5 neighbours', () => {
    const constants = model.layers.filter(({ layer }) => layer.type === 'localResponseNormalization')
    expect(constants.map(({ layer }) => layer.options)).toEqual(
      Array(2).fill(expect.objectContaining({ depthRadius: 2, bias: 1, alpha: 2e-5, beta: 0.75 })),
    )
  })

  it('starts as there: deviation 0.01, but 0.005 in the hidden dense layers, and biases of 0.1 in five layers', () => {
    const deviations = model.weights.flatMap(({ key, initializer }) =>
      key === 'kernel' && initializer.type === 'randomNormal' ? [initializer.standardDeviation] : [],
    )
    expect(deviations).toEqual([0.01, 0.01, 0.01, 0.01, 0.01, 0.005, 0.005, 0.01])
    const biases = model.weights.flatMap(({ key, initializer }) =>
      key === 'bias' ? [initializer.type === 'constant' ? initializer.value : initializer.type] : [],
    )
    expect(biases).toEqual(['zeros', 0.1, 'zeros', 0.1, 0.1, 0.1, 0.1, 'zeros'])
  })

  it('crops and mirrors pixels in the range of bytes', () => {
    expect(alexnetTwoTower.tags.caffe.preprocessing).toMatchObject({
      shorterSide: 256,
      standardDeviation: [1 / 255],
      augmentation: [{ type: 'randomCrop' }, { type: 'horizontalFlip' }],
    })
  })
})
