import {
  type BuildInputs,
  conv2d,
  dense,
  dropout,
  flatten,
  localResponseNormalization,
  maxPool2d,
  type Recipe,
  randomNormal,
  type SymbolicTensor,
} from '@convzoo/core'

const kernelInitializer = randomNormal({ standardDeviation: 0.01 })
const hiddenInitializer = randomNormal({ standardDeviation: 0.005 })

/** Where the paper starts biases at 1. */
const biasInitializer = { type: 'constant', value: 0.1 } as const

/** Caffe multiplies the sum by α / n, and its k is 1: α = 10⁻⁴ and n = 5 are an `alpha` of 2·10⁻⁵. */
const normalization = { depthRadius: 2, bias: 1, alpha: 1e-4 / 5, beta: 0.75 }

/** Its solver: the rate falls to a tenth every 100,000 steps, some 20 epochs of ImageNet; a run's falls at its thirds. */
export const caffeRecipe: Recipe = {
  optimizer: { name: 'sgdL2', learningRate: 0.01, momentum: 0.9, weightDecay: 5e-4, convention: 'caffe' },
  schedule: 'stepDecay',
  training: { epochs: 90, batchSize: 256 },
}

/** `bvlc_alexnet` of Caffe: the two towers as groups of convolutions, but for the normalisation, which sees the maps of both. */
export function caffe({ input, classes }: BuildInputs): SymbolicTensor {
  const usual = { activation: 'relu', kernelInitializer } as const
  let x = conv2d({ ...usual, filters: 96, kernelSize: 11, strides: 4 })(input)
  x = localResponseNormalization(normalization)(x)
  x = maxPool2d({ poolSize: 3, strides: 2 })(x)
  x = conv2d({ ...usual, filters: 256, kernelSize: 5, padding: 'same', groups: 2, biasInitializer })(x)
  x = localResponseNormalization(normalization)(x)
  x = maxPool2d({ poolSize: 3, strides: 2 })(x)
  x = conv2d({ ...usual, filters: 384, kernelSize: 3, padding: 'same' })(x)
  x = conv2d({ ...usual, filters: 384, kernelSize: 3, padding: 'same', groups: 2, biasInitializer })(x)
  x = conv2d({ ...usual, filters: 256, kernelSize: 3, padding: 'same', groups: 2, biasInitializer })(x)
  x = maxPool2d({ poolSize: 3, strides: 2 })(x)
  x = flatten()(x)
  x = dense({ units: 4096, activation: 'relu', kernelInitializer: hiddenInitializer, biasInitializer })(x)
  x = dropout({ rate: 0.5 })(x)
  x = dense({ units: 4096, activation: 'relu', kernelInitializer: hiddenInitializer, biasInitializer })(x)
  x = dropout({ rate: 0.5 })(x)
  return dense({ units: classes, activation: 'softmax', kernelInitializer })(x)
}
