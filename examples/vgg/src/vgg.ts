import {
  type ArchitectureTag,
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

/** 3×3 convolutions in each of the five blocks: a column of table 1 of the paper. */
type Blocks = readonly [number, number, number, number, number]

const filters = [64, 128, 256, 512, 512]

/** Weights start He-normal: deep networks of rectified units do not train from the paper's normal numbers of deviation 0.01. */
const kernelInitializer = 'heNormal'

function network({ input, classes }: BuildInputs, blocks: Blocks): SymbolicTensor {
  let x = input
  for (const [index, convolutions] of blocks.entries()) {
    for (let count = 0; count < convolutions; count++) {
      x = conv2d({
        filters: filters[index] ?? 512,
        kernelSize: 3,
        padding: 'same',
        activation: 'relu',
        kernelInitializer,
      })(x)
    }
    x = maxPool2d({ poolSize: 2, strides: 2 })(x)
  }
  x = flatten()(x)
  x = dense({ units: 4096, activation: 'relu', kernelInitializer })(x)
  x = dropout({ rate: 0.5 })(x)
  x = dense({ units: 4096, activation: 'relu', kernelInitializer })(x)
  x = dropout({ rate: 0.5 })(x)
  return dense({ units: classes, activation: 'softmax' })(x)
}

const depth = (blocks: Blocks): ArchitectureTag => ({
  defaults: { input: [224, 224, 3], classes: 1000 },
  preprocessing: pcaNoisePreprocessing,
  build: (inputs) => network(inputs, blocks),
})

/**
 * VGG, by the number of layers with weights: configurations D, E, B and A of the paper.
 *
 * @example
 * import { createModel } from '@convzoo/core'
 * import { vgg } from '@convzoo-examples/vgg'
 * const model = createModel(vgg, { tag: 'depth-11', classes: 10 })
 */
export const vgg = defineArchitecture({
  specification: 'architecture/v1',
  package: { name: manifest.name, version: manifest.version },
  name: 'vgg',
  title: 'VGG',
  paper: {
    title: 'Very Deep Convolutional Networks for Large-Scale Image Recognition',
    authors: ['Karen Simonyan', 'Andrew Zisserman'],
    year: 2014,
    url: 'https://arxiv.org/abs/1409.1556',
  },
  tags: {
    'depth-16': depth([2, 2, 3, 3, 3]),
    'depth-19': depth([2, 2, 4, 4, 4]),
    'depth-13': depth([2, 2, 2, 2, 2]),
    'depth-11': depth([1, 1, 2, 2, 2]),
  },
})

declare global {
  namespace Convzoo {
    interface ArchitectureIds {
      vgg: true
      'vgg.depth-16': true
      'vgg.depth-19': true
      'vgg.depth-13': true
      'vgg.depth-11': true
    }
  }
}

register(vgg)
