import { createModel, summarize } from '@convzoo/core'
import { describe, expect, it } from 'vitest'
import { zfnet } from './zfnet.js'

const model = createModel('zfnet.paper2013')

describe('zfnet.paper2013', () => {
  // Zeiler and Fergus 2013, figure 3; a padding of 1 is what 110 needs, and 55 and 13 are rounded up.
  it('has the layers of figure 3, each with its output and its parameters', () => {
    const rows = summarize(model).layers.map(({ keras, outputShape, parameters }) => {
      return [keras, outputShape.join('×'), parameters]
    })
    expect(rows).toEqual([
      ['InputLayer', '224×224×3', 0],
      ['ZeroPadding2D', '226×226×3', 0],
      ['Conv2D', '110×110×96', 14_208],
      ['MaxPooling2D', '55×55×96', 0],
      ['LocalResponseNormalization', '55×55×96', 0],
      ['Conv2D', '26×26×256', 614_656],
      ['MaxPooling2D', '13×13×256', 0],
      ['LocalResponseNormalization', '13×13×256', 0],
      ['Conv2D', '13×13×384', 885_120],
      ['Conv2D', '13×13×384', 1_327_488],
      ['Conv2D', '13×13×256', 884_992],
      ['MaxPooling2D', '6×6×256', 0],
      ['Flatten', '9216', 0],
      ['Dense', '4096', 37_752_832],
      ['Dropout', '4096', 0],
      ['Dense', '4096', 16_781_312],
      ['Dropout', '4096', 0],
      ['Dense', '1000', 4_097_000],
    ])
    expect(summarize(model).totals.parameters).toBe(62_357_608)
  })

  it('scales filters of convolutions back to a root mean square of 0.1, and nothing else', () => {
    const bounded = model.weights.filter(({ constraint }) => constraint !== undefined)
    expect(bounded.map(({ name, constraint }) => [name, constraint])).toEqual(
      ['conv2d', 'conv2d_1', 'conv2d_2', 'conv2d_3', 'conv2d_4'].map((layer) => [
        `${layer}/kernel`,
        { type: 'maxRms', maximum: 0.1 },
      ]),
    )
  })

  it('keeps pixels in the range of bytes, which that bound and the first weights are for', () => {
    expect(zfnet.tags.paper2013.preprocessing).toMatchObject({ shorterSide: 256, standardDeviation: [1 / 255] })
  })

  it('starts with deviation 0.01 and biases of 0', () => {
    const starts = (wanted: string) =>
      model.weights.flatMap(({ key, initializer }) => (key === wanted ? initializer : []))
    expect(starts('kernel')).toEqual(Array(8).fill({ type: 'randomNormal', mean: 0, standardDeviation: 0.01 }))
    expect(starts('bias')).toEqual(Array(8).fill({ type: 'zeros' }))
  })

  it('has a ReLU after every convolution and every hidden dense layer', () => {
    const active = model.layers.flatMap(({ layer }) => {
      const { activation } = layer.options
      return typeof activation === 'string' ? [activation] : []
    })
    expect(active).toEqual([...Array(7).fill('relu'), 'softmax'])
  })
})
