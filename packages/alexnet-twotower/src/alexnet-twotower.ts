import {
  type BuildInputs,
  byteRangePreprocessing,
  concatenate,
  conv2d,
  defineArchitecture,
  dense,
  flatten,
  maxPool2d,
  pcaNoisePreprocessing,
  register,
  type SymbolicTensor,
} from '@convzoo/core'
import manifest from '../package.json' with { type: 'json' }
import { caffe, caffeRecipe } from './caffe.js'
import { modernRecipe, paper2012, paperRecipe } from './paper2012.js'

/**
 * The network of the notebook, layer for layer and in its order: linear but for the softmax, no pooling behind the second convolution,
 * and the towers crossed before the last layer.
 */
function notebook({ input, classes }: BuildInputs): SymbolicTensor {
  let x = conv2d({ filters: 48, kernelSize: 11, strides: 4 })(input)
  x = maxPool2d({ poolSize: 3, strides: 2 })(x)
  const xx = conv2d({ filters: 128, kernelSize: 5, padding: 'same' })(x)

  let y = conv2d({ filters: 48, kernelSize: 11, strides: 4 })(input)
  y = maxPool2d({ poolSize: 3, strides: 2 })(y)
  const yy = conv2d({ filters: 128, kernelSize: 5, padding: 'same' })(y)

  let i = concatenate()([xx, yy])
  i = conv2d({ filters: 192, kernelSize: 3, padding: 'same' })(i)
  i = conv2d({ filters: 192, kernelSize: 3, padding: 'same' })(i)
  i = conv2d({ filters: 128, kernelSize: 3, padding: 'same' })(i)
  i = maxPool2d({ poolSize: 3, strides: 2 })(i)
  i = flatten()(i)

  let j = concatenate()([xx, yy])
  j = conv2d({ filters: 192, kernelSize: 3, padding: 'same' })(j)
  j = conv2d({ filters: 192, kernelSize: 3, padding: 'same' })(j)
  j = conv2d({ filters: 128, kernelSize: 3, padding: 'same' })(j)
  j = maxPool2d({ poolSize: 3, strides: 2 })(j)
  j = flatten()(j)

  const k = dense({ units: 2048 })(concatenate()([i, j]))
  const l = dense({ units: 2048 })(concatenate()([i, j]))
  const m = dense({ units: 2048 })(concatenate()([k, l]))
  const n = dense({ units: 2048 })(concatenate()([k, l]))
  return dense({ units: classes, activation: 'softmax' })(concatenate()([n, m]))
}

/**
 * AlexNet in the two towers of its paper's figure.
 *
 * @example
 * import { createModel } from '@convzoo/core'
 * import { alexnetTwoTower } from '@convzoo/alexnet-twotower'
 * const model = createModel(alexnetTwoTower, { classes: 10 })
 */
export const alexnetTwoTower = defineArchitecture({
  specification: 'architecture/v1',
  package: { name: manifest.name, version: manifest.version },
  name: 'alexnet-twotower',
  title: 'AlexNet, two towers',
  paper: {
    title: 'ImageNet Classification with Deep Convolutional Neural Networks',
    authors: ['Alex Krizhevsky', 'Ilya Sutskever', 'Geoffrey E. Hinton'],
    year: 2012,
    url: 'https://papers.nips.cc/paper/4824-imagenet-classification-with-deep-convolutional-neural-networks',
  },
  tags: {
    notebook: {
      defaults: { input: [227, 227, 3], classes: 1000 },
      preprocessing: pcaNoisePreprocessing,
      build: notebook,
    },
    paper2012: {
      defaults: { input: [227, 227, 3], classes: 1000 },
      preprocessing: { ...pcaNoisePreprocessing, standardDeviation: byteRangePreprocessing.standardDeviation },
      recipes: { modern: modernRecipe, paper: paperRecipe },
      build: paper2012,
    },
    caffe: {
      defaults: { input: [227, 227, 3], classes: 1000 },
      preprocessing: byteRangePreprocessing,
      recipes: { modern: modernRecipe, paper: caffeRecipe },
      build: caffe,
    },
  },
})

declare global {
  namespace Convzoo {
    interface ArchitectureIds {
      'alexnet-twotower': true
      'alexnet-twotower.notebook': true
      'alexnet-twotower.paper2012': true
      'alexnet-twotower.caffe': true
    }
  }
}

register(alexnetTwoTower)
