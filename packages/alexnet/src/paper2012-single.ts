import {
  type BuildInputs,
  conv2d,
  dense,
  dropout,
  flatten,
  localResponseNormalization,
  maxPool2d,
  ones,
  type Recipe,
  randomNormal,
  type SymbolicTensor,
  zeros,
} from '@convzoo/core'

/** How weights start, and the biases of most layers; those of the first and third convolution and of the last layer start at 0. §5. */
const kernelInitializer = randomNormal({ standardDeviation: 0.01 })
const usual = { activation: 'relu', kernelInitializer, biasInitializer: ones } as const

/** k = 2, n = 5, α = 10⁻⁴, β = 0.75. §3.3. */
const normalization = { depthRadius: 2, bias: 2, alpha: 1e-4, beta: 0.75 }

/**
 * Weights as small as these, and dense biases of 1, hardly let a picture through at first: at a third of the usual rate the network finds it, at the usual
 * one it guesses.
 */
export const modernRecipe: Recipe = {
  optimizer: { name: 'adamW', learningRate: 1e-4 },
  schedule: { name: 'cosine', warmUp: 20 },
}

/** §5: by hand the authors divided the rate by ten three times; a run does it twice, at its thirds. */
export const paperRecipe: Recipe = {
  optimizer: { name: 'sgdL2', learningRate: 0.01, momentum: 0.9, weightDecay: 5e-4, convention: 'caffe' },
  schedule: 'stepDecay',
  training: { epochs: 90, batchSize: 128 },
}

/** The network of the paper on one GPU: its layers, without the split into towers. */
export function paper2012Single({ input, classes }: BuildInputs): SymbolicTensor {
  let x = conv2d({ ...usual, filters: 96, kernelSize: 11, strides: 4, biasInitializer: zeros })(input)
  x = localResponseNormalization(normalization)(x)
  x = maxPool2d({ poolSize: 3, strides: 2 })(x)
  x = conv2d({ ...usual, filters: 256, kernelSize: 5, padding: 'same' })(x)
  x = localResponseNormalization(normalization)(x)
  x = maxPool2d({ poolSize: 3, strides: 2 })(x)
  x = conv2d({ ...usual, filters: 384, kernelSize: 3, padding: 'same', biasInitializer: zeros })(x)
  x = conv2d({ ...usual, filters: 384, kernelSize: 3, padding: 'same' })(x)
  x = conv2d({ ...usual, filters: 256, kernelSize: 3, padding: 'same' })(x)
  x = maxPool2d({ poolSize: 3, strides: 2 })(x)
  x = flatten()(x)
  x = dense({ ...usual, units: 4096 })(x)
  x = dropout({ rate: 0.5 })(x)
  x = dense({ ...usual, units: 4096 })(x)
  x = dropout({ rate: 0.5 })(x)
  return dense({ units: classes, activation: 'softmax', kernelInitializer })(x)
}
