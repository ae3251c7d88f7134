import { createModel, preprocessingFor, summarize } from '@convzoo/core'
import { describe, expect, it } from 'vitest'
import { alexnet } from './alexnet.js'

const model = createModel('alexnet.paper2012-single')

describe('alexnet.paper2012-single', () => {
  // Krizhevsky et al. 2012, §3.5, with both halves of each layer in one; the input is that which its arithmetic needs.
  it('has the layers of the paper, each with its output and its parameters', () => {
    const rows = summarize(model).layers.map(({ keras, outputShape, parameters }) => {
      return [keras, outputShape.join('×'), parameters]
    })
    expect(rows).toEqual([
      ['InputLayer', '227×227×3', 0],
      ['Conv2D', '55×55×96', 34_944],
      ['LocalResponseNormalization', '55×55×96', 0],
      ['MaxPooling2D', '27×27×96', 0],
      ['Conv2D', '27×27×256', 614_656],
      ['LocalResponseNormalization', '27×27×256', 0],
      ['MaxPooling2D', '13×13×256', 0],
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
    expect(summarize(model).totals.parameters).toBe(62_378_344)
  })

  it('has a ReLU after every convolution and every hidden dense layer', () => {
    const active = model.layers.flatMap(({ name, layer }) => {
      const { activation } = layer.options
      return typeof activation === 'string' ? [`${name} ${activation}`] : []
    })
    const convolutions = ['conv2d', 'conv2d_1', 'conv2d_2', 'conv2d_3', 'conv2d_4'].map((name) => `${name} relu`)
    expect(active).toEqual([...convolutions, 'dense relu', 'dense_1 relu', 'dense_2 softmax'])
  })

  it('normalises by the constants of §3.3: k = 2, n = 5, α = 1e-4, β = 0.75', () => {
    const constants = model.layers.filter(({ layer }) => layer.type === 'localResponseNormalization')
    expect(constants.map(({ layer }) => layer.options)).toEqual(
      Array(2).fill(expect.objectContaining({ depthRadius: 2, bias: 2, alpha: 1e-4, beta: 0.75 })),
    )
  })

  it('starts as §5 says: weights with deviation 0.01, biases of 1 in five layers and of 0 elsewhere', () => {
    const kernels = model.weights.filter(({ key }) => key === 'kernel')
    expect(kernels.map(({ initializer }) => initializer)).toEqual(
      Array(8).fill({ type: 'randomNormal', mean: 0, standardDeviation: 0.01 }),
    )
    const atOne = model.weights.filter(({ initializer }) => initializer.type === 'ones').map(({ name }) => name)
    const layers = ['conv2d_1', 'conv2d_3', 'conv2d_4', 'dense', 'dense_1']
    expect(atOne).toEqual(layers.map((layer) => `${layer}/bias`))
  })

  it('sees pixels in the range of bytes, which those weights are for, with noise along the principal colours', () => {
    expect(preprocessingFor(alexnet.tags['paper2012-single'], [227, 227, 3])).toMatchObject({
      shorterSide: 256,
      standardDeviation: [1 / 255],
      augmentation: [{ type: 'randomCrop' }, { type: 'horizontalFlip' }, { type: 'pcaNoise', deviation: 0.1 }],
    })
  })
})
