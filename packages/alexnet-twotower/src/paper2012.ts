import {
  type BuildInputs,
  concatenate,
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

/** Up to the third convolution a tower sees its own maps alone. */
function lower(input: SymbolicTensor): SymbolicTensor {
  let x = conv2d({ ...usual, filters: 48, kernelSize: 11, strides: 4, biasInitializer: zeros })(input)
  x = localResponseNormalization(normalization)(x)
  x = maxPool2d({ poolSize: 3, strides: 2 })(x)
  x = conv2d({ ...usual, filters: 128, kernelSize: 5, padding: 'same' })(x)
  x = localResponseNormalization(normalization)(x)
  return maxPool2d({ poolSize: 3, strides: 2 })(x)
}

/** The third convolution sees the maps of both towers; from there on, a tower is by itself again. */
function upper(both: SymbolicTensor): SymbolicTensor {
  let x = conv2d({ ...usual, filters: 192, kernelSize: 3, padding: 'same', biasInitializer: zeros })(both)
  x = conv2d({ ...usual, filters: 192, kernelSize: 3, padding: 'same' })(x)
  x = conv2d({ ...usual, filters: 128, kernelSize: 3, padding: 'same' })(x)
  return maxPool2d({ poolSize: 3, strides: 2 })(x)
}

/** Half of a hidden layer, on one of the two GPUs; it sees both halves of the one before. */
const hidden = (both: SymbolicTensor): SymbolicTensor => dropout({ rate: 0.5 })(dense({ ...usual, units: 2048 })(both))

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

/** The network of the paper on its two GPUs. The normalisation, like a convolution, sees the maps of its own GPU. */
export function paper2012({ input, classes }: BuildInputs): SymbolicTensor {
  const maps = concatenate()([lower(input), lower(input)])
  let x = flatten()(concatenate()([upper(maps), upper(maps)]))
  x = concatenate()([hidden(x), hidden(x)])
  x = concatenate()([hidden(x), hidden(x)])
  return dense({ units: classes, activation: 'softmax', kernelInitializer })(x)
}
