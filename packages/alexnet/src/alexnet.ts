import {
  type BuildInputs,
  byteRangePreprocessing,
  conv2d,
  defineArchitecture,
  dense,
  dropout,
  flatten,
  imagenetPreprocessing,
  maxPool2d,
  type PeerWeights,
  pcaNoisePreprocessing,
  register,
  type SymbolicTensor,
  zeroPadding2d,
} from '@convzoo/core'
import manifest from '../package.json' with { type: 'json' }
import { modernRecipe, paper2012Single, paperRecipe } from './paper2012-single.js'

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
 * The network of torchvision, layer for layer: that of "One weird trick" (Krizhevsky 2014). Its adaptive average pooling leaves the 6×6 map of
 * a 224×224 input as it is, and is left out here.
 */
function torchvision({ input, classes }: BuildInputs): SymbolicTensor {
  let x = zeroPadding2d({ padding: 2 })(input)
  x = conv2d({ filters: 64, kernelSize: 11, strides: 4, activation: 'relu' })(x)
  x = maxPool2d({ poolSize: 3, strides: 2 })(x)
  x = conv2d({ filters: 192, kernelSize: 5, padding: 'same', activation: 'relu' })(x)
  x = maxPool2d({ poolSize: 3, strides: 2 })(x)
  x = conv2d({ filters: 384, kernelSize: 3, padding: 'same', activation: 'relu' })(x)
  x = conv2d({ filters: 256, kernelSize: 3, padding: 'same', activation: 'relu' })(x)
  x = conv2d({ filters: 256, kernelSize: 3, padding: 'same', activation: 'relu' })(x)
  x = maxPool2d({ poolSize: 3, strides: 2 })(x)
  x = flatten()(x)
  x = dropout({ rate: 0.5 })(x)
  x = dense({ units: 4096, activation: 'relu' })(x)
  x = dropout({ rate: 0.5 })(x)
  x = dense({ units: 4096, activation: 'relu' })(x)
  return dense({ units: classes, activation: 'softmax' })(x)
}

/** [out, in, H, W] becomes [H, W, in, out], and [out, in] becomes [in, out]. */
const kernel = [2, 3, 1, 0]
const matrix = [1, 0]

/** The weights of `torchvision.models.alexnet().state_dict()`. Its 9216 features are channels first. */
const torchvisionWeights: PeerWeights = {
  peer: 'torchvision.models.alexnet',
  tensors: {
    'conv2d/kernel': { name: 'features.0.weight', axes: kernel },
    'conv2d/bias': { name: 'features.0.bias' },
    'conv2d_1/kernel': { name: 'features.3.weight', axes: kernel },
    'conv2d_1/bias': { name: 'features.3.bias' },
    'conv2d_2/kernel': { name: 'features.6.weight', axes: kernel },
    'conv2d_2/bias': { name: 'features.6.bias' },
    'conv2d_3/kernel': { name: 'features.8.weight', axes: kernel },
    'conv2d_3/bias': { name: 'features.8.bias' },
    'conv2d_4/kernel': { name: 'features.10.weight', axes: kernel },
    'conv2d_4/bias': { name: 'features.10.bias' },
    'dense/kernel': { name: 'classifier.1.weight', flattened: [256, 6, 6], axes: kernel },
    'dense/bias': { name: 'classifier.1.bias' },
    'dense_1/kernel': { name: 'classifier.4.weight', axes: matrix },
    'dense_1/bias': { name: 'classifier.4.bias' },
    'dense_2/kernel': { name: 'classifier.6.weight', axes: matrix },
    'dense_2/bias': { name: 'classifier.6.bias' },
  },
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
    'paper2012-single': {
      defaults: { input: [227, 227, 3], classes: 1000 },
      preprocessing: { ...pcaNoisePreprocessing, standardDeviation: byteRangePreprocessing.standardDeviation },
      recipes: { modern: modernRecipe, paper: paperRecipe },
      build: paper2012Single,
    },
    torchvision: {
      defaults: { input: [224, 224, 3], classes: 1000 },
      preprocessing: {
        ...imagenetPreprocessing,
        shorterSide: 256,
        exactPixels: true,
        augmentation: [{ type: 'randomResizedCrop' }, { type: 'horizontalFlip' }],
      },
      peerWeights: torchvisionWeights,
      build: torchvision,
    },
  },
})

declare global {
  namespace Convzoo {
    interface ArchitectureIds {
      alexnet: true
      'alexnet.notebook': true
      'alexnet.paper2012-single': true
      'alexnet.torchvision': true
    }
  }
}

register(alexnet)
