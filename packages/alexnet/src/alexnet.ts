import {
  type BuildInputs,
  conv2d,
  defineArchitecture,
  dense,
  dropout,
  flatten,
  maxPool2d,
  pcaNoisePreprocessing,
  register,
  type SymbolicTensor,
} from '@convzoo/core'
import manifest from '../package.json' with { type: 'json' }

/** The network of the notebook, layer for layer: linear first convolution and dense layers, ones as the third convolution's bias. */
function notebook({ input, classes }: BuildInputs): SymbolicTensor {
  let x = conv2d({ filters: 96, kernelSize: 11, strides: 4 })(input)
  x = maxPool2d({ poolSize: 3, strides: 2 })(x)
  x = conv2d({ filters: 256, kernelSize: 5, padding: 'same', activation: 'relu' })(x)
  x = maxPool2d({ poolSize: 3, strides: 2 })(x)
  x = conv2d({ filters: 384, kernelSize: 3, padding: 'same', activation: 'relu', biasInitializer: 'ones' })(x)
  x = conv2d({ filters: 384, kernelSize: 3, padding: 'same', activation: 'relu' })(x)
  x = conv2d({ filters: 256, kernelSize: 3, padding: 'same', activation: 'relu' })(x)
  x = maxPool2d({ poolSize: 3, strides: 2 })(x)
  x = flatten()(x)
  x = dense({ units: 4096 })(x)
  x = dropout({ rate: 0.5 })(x)
  x = dense({ units: 4096 })(x)
  x = dropout({ rate: 0.5 })(x)
  return dense({ units: classes, activation: 'softmax' })(x)
}

/**
 * AlexNet in one tower.
 *
 * @example
 * import { createModel } from '@convzoo/core'
 * import { alexnet } from '@convzoo/alexnet'
 * const model = createModel(alexnet, { classes: 10 })
 */
export const alexnet = defineArchitecture({
  specification: 'architecture/v1',
  package: { name: manifest.name, version: manifest.version },
  name: 'alexnet',
  title: 'AlexNet, one tower',
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
  },
})

declare global {
  namespace Convzoo {
    interface ArchitectureIds {
      alexnet: true
      'alexnet.notebook': true
    }
  }
}

register(alexnet)
