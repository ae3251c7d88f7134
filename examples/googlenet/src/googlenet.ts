import {
  averagePool2d,
  type BuildInputs,
  type BuiltNetwork,
  defineArchitecture,
  dense,
  dropout,
  flatten,
  globalAveragePooling2d,
  imagenetPreprocessing,
  localResponseNormalization,
  maxPool2d,
  type Preprocessing,
  register,
  type SymbolicTensor,
} from '@convzoo/core'
import manifest from '../package.json' with { type: 'json' }
import { convolution, inception } from './inception.js'

/** Parts of any size, as §6 of the paper has them: 8 to 100 % of the area, of proportions from 3:4 to 4:3. */
const preprocessing: Preprocessing = {
  ...imagenetPreprocessing,
  shorterSide: 256,
  augmentation: [{ type: 'randomResizedCrop', area: [0.08, 1], ratio: [3 / 4, 4 / 3] }, { type: 'horizontalFlip' }],
}

const pool = () => maxPool2d({ poolSize: 3, strides: 2, padding: 'same' })

/** Caffe's α = 1e-4 for five neighbours, as a factor of the plain sum. */
const normalization = () => localResponseNormalization({ depthRadius: 2, bias: 1, alpha: 1e-4 / 5, beta: 0.75 })

/** A classifier in the middle of the network, which gives its gradient a shorter way; it exists in training only. */
function auxiliaryHead(x: SymbolicTensor, classes: number): SymbolicTensor {
  let y = averagePool2d({ poolSize: 5, strides: 3 })(x)
  y = convolution(128, 1)(y)
  y = flatten()(y)
  y = dense({ units: 1024, activation: 'relu' })(y)
  y = dropout({ rate: 0.7 })(y)
  return dense({ units: classes, activation: 'softmax' })(y)
}

/** Table 1 of the paper, line by line. */
function network({ input, classes }: BuildInputs): BuiltNetwork {
  let x = convolution(64, 7, 2)(input)
  x = pool()(x)
  x = normalization()(x)
  x = convolution(64, 1)(x)
  x = convolution(192, 3)(x)
  x = normalization()(x)
  x = pool()(x)
  x = inception(x, { one: 64, three: [96, 128], five: [16, 32], pool: 32 })
  x = inception(x, { one: 128, three: [128, 192], five: [32, 96], pool: 64 })
  x = pool()(x)
  x = inception(x, { one: 192, three: [96, 208], five: [16, 48], pool: 64 })
  const first = x
  x = inception(x, { one: 160, three: [112, 224], five: [24, 64], pool: 64 })
  x = inception(x, { one: 128, three: [128, 256], five: [24, 64], pool: 64 })
  x = inception(x, { one: 112, three: [144, 288], five: [32, 64], pool: 64 })
  const second = x
  x = inception(x, { one: 256, three: [160, 320], five: [32, 128], pool: 128 })
  x = pool()(x)
  x = inception(x, { one: 256, three: [160, 320], five: [32, 128], pool: 128 })
  x = inception(x, { one: 384, three: [192, 384], five: [48, 128], pool: 128 })
  x = globalAveragePooling2d()(x)
  x = dropout({ rate: 0.4 })(x)
  return {
    output: dense({ units: classes, activation: 'softmax' })(x),
    auxiliary: [first, second].map((middle) => ({ output: auxiliaryHead(middle, classes), lossWeight: 0.3 })),
  }
}

/**
 * GoogLeNet, the first network of inceptions. The smallest input is 65×65: below, nothing is left for the auxiliary heads to pool.
 *
 * @example
 * import { createModel } from '@convzoo/core'
 * import { googlenet } from '@convzoo-examples/googlenet'
 * const model = createModel(googlenet, { classes: 10 })
 */
export const googlenet = defineArchitecture({
  specification: 'architecture/v1',
  package: { name: manifest.name, version: manifest.version },
  name: 'googlenet',
  title: 'GoogLeNet',
  paper: {
    title: 'Going Deeper with Convolutions',
    authors: [
      'Christian Szegedy',
      'Wei Liu',
      'Yangqing Jia',
      'Pierre Sermanet',
      'Scott Reed',
      'Dragomir Anguelov',
      'Dumitru Erhan',
      'Vincent Vanhoucke',
      'Andrew Rabinovich',
    ],
    year: 2014,
    url: 'https://arxiv.org/abs/1409.4842',
  },
  tags: {
    paper: {
      defaults: { input: [224, 224, 3], classes: 1000 },
      preprocessing,
      build: network,
    },
  },
})

declare global {
  namespace Convzoo {
    interface ArchitectureIds {
      googlenet: true
      'googlenet.paper': true
    }
  }
}

register(googlenet)
