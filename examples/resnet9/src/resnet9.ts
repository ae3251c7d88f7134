import {
  type ArchitectureTag,
  activation,
  add,
  type BuildInputs,
  batchNormalization,
  conv2d,
  defineArchitecture,
  dense,
  globalMaxPooling2d,
  maxPool2d,
  type Recipe,
  randomNormal,
  register,
  type SymbolicTensor,
} from '@convzoo/core'
import manifest from '../package.json' with { type: 'json' }

/** A convolution of 3×3 without a bias, its normalisation, which has one, and a ReLU. */
function block(x: SymbolicTensor, filters: number): SymbolicTensor {
  const sums = conv2d({
    filters,
    kernelSize: 3,
    padding: 'same',
    useBias: false,
    kernelInitializer: 'heNormal',
  })(x)
  return activation({ function: 'relu' })(batchNormalization({ momentum: 0.9, epsilon: 1e-5 })(sums))
}

const pooled = (x: SymbolicTensor, filters: number): SymbolicTensor =>
  maxPool2d({ poolSize: 2, strides: 2 })(block(x, filters))

/** What two blocks make of it is added to it. */
const residual = (x: SymbolicTensor, filters: number): SymbolicTensor => add()([x, block(block(x, filters), filters)])

function network({ input, classes }: BuildInputs, width: number): SymbolicTensor {
  let x = block(input, width)
  x = residual(pooled(x, 2 * width), 2 * width)
  x = pooled(x, 4 * width)
  x = residual(pooled(x, 8 * width), 8 * width)
  // Largest values are large: the source multiplies the sums by an eighth, which small weights do at the start.
  const kernelInitializer = randomNormal({ standardDeviation: 0.01 })
  return dense({ units: classes, activation: 'softmax', kernelInitializer })(globalMaxPooling2d()(x))
}

/** The rate rises over the first fifth of the steps and falls from then on, as for the network of the source. */
const recipe: Recipe = {
  optimizer: { name: 'sgd', learningRate: 0.05, momentum: 0.9, nesterov: true },
  schedule: { name: 'oneCycle', rise: 0.2 },
  training: { epochs: 10, batchSize: 64 },
}

const wide = (width: number): ArchitectureTag => ({
  defaults: { input: [28, 28, 1], classes: 10 },
  preprocessing: { resize: 'bilinear', mean: [0.5], standardDeviation: [0.5] },
  recipes: { modern: recipe },
  build: (inputs) => network(inputs, width),
})

/**
 * A residual network of nine layers with weights, by the filters of its first: 64 as in the source, or fewer, for small images on a CPU.
 *
 * @example
 * import { createModel } from '@convzoo/core'
 * import { resnet9 } from '@convzoo-examples/resnet9'
 * const model = createModel(resnet9, { tag: 'width-16' })
 */
export const resnet9 = defineArchitecture({
  specification: 'architecture/v1',
  package: { name: manifest.name, version: manifest.version },
  name: 'resnet9',
  title: 'ResNet-9',
  paper: {
    title: 'How to Train Your ResNet',
    authors: ['David Page'],
    year: 2018,
    url: 'https://github.com/davidcpage/cifar10-fast',
  },
  tags: {
    'width-16': wide(16),
    'width-24': wide(24),
    'width-32': wide(32),
    'width-64': wide(64),
  },
})

declare global {
  namespace Convzoo {
    interface ArchitectureIds {
      resnet9: true
      'resnet9.width-16': true
      'resnet9.width-24': true
      'resnet9.width-32': true
      'resnet9.width-64': true
    }
  }
}

register(resnet9)
