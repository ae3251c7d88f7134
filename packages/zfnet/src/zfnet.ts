import {
  type BuildInputs,
  byteRangePreprocessing,
  conv2d,
  defineArchitecture,
  dense,
  dropout,
  flatten,
  maxPool2d,
  randomCropPreprocessing,
  register,
  type SymbolicTensor,
} from '@convzoo/core'
import manifest from '../package.json' with { type: 'json' }
import { modernRecipe, paper2013, paperRecipe } from './paper2013.js'

/** The network of the notebook, layer for layer: AlexNet's in one tower with a finer first convolution. */
function notebook({ input, classes }: BuildInputs): SymbolicTensor {
  let x = conv2d({ filters: 96, kernelSize: 7, strides: 2 })(input)
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
 * ZFNet, the network that came of looking into AlexNet.
 *
 * @example
 * import { createModel } from '@convzoo/core'
 * import { zfnet } from '@convzoo/zfnet'
 * const model = createModel(zfnet, { classes: 10 })
 */
export const zfnet = defineArchitecture({
  specification: 'architecture/v1',
  package: { name: manifest.name, version: manifest.version },
  name: 'zfnet',
  title: 'ZFNet',
  paper: {
    title: 'Visualizing and Understanding Convolutional Networks',
    authors: ['Matthew D. Zeiler', 'Rob Fergus'],
    year: 2013,
    url: 'https://arxiv.org/abs/1311.2901',
  },
  tags: {
    notebook: {
      defaults: { input: [227, 227, 3], classes: 1000 },
      preprocessing: randomCropPreprocessing,
      build: notebook,
    },
    paper2013: {
      defaults: { input: [224, 224, 3], classes: 1000 },
      preprocessing: byteRangePreprocessing,
      recipes: { modern: modernRecipe, paper: paperRecipe },
      build: paper2013,
    },
  },
})

declare global {
  namespace Convzoo {
    interface ArchitectureIds {
      zfnet: true
      'zfnet.notebook': true
      'zfnet.paper2013': true
    }
  }
}

register(zfnet)
