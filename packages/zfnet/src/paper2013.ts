import {
  type BuildInputs,
  conv2d,
  dense,
  dropout,
  flatten,
  localResponseNormalization,
  maxPool2d,
  maxRms,
  type Recipe,
  randomNormal,
  type SymbolicTensor,
  zeroPadding2d,
} from '@convzoo/core'

/** Weights start with deviation 0.01, biases at 0. §3. */
const kernelInitializer = randomNormal({ standardDeviation: 0.01 })

/**
 * A filter whose root mean square is above 0.1 is scaled back to it: for pixels in about −128 to 128, where the tag's preprocessing leaves
 * them. §3.1.
 */
const convolution = { activation: 'relu', kernelInitializer, kernelConstraint: maxRms(0.1) } as const
const hidden = { units: 4096, activation: 'relu', kernelInitializer } as const

/** Contrast normalisation across maps (figure 3). The paper gives no constants: these are AlexNet's. */
const contrast = { depthRadius: 2, bias: 2, alpha: 1e-4, beta: 0.75 }

/** Weights as small as these hardly let a picture through at first, and are steered too far by the usual rate. */
export const modernRecipe: Recipe = {
  optimizer: { name: 'adamW', learningRate: 1e-4 },
  schedule: { name: 'cosine', warmUp: 20 },
}

/** §3: the authors lowered the rate by hand; a run's falls at its thirds. They say nothing of decay. */
export const paperRecipe: Recipe = {
  optimizer: { name: 'sgdL2', learningRate: 0.01, momentum: 0.9, weightDecay: 0, convention: 'caffe' },
  schedule: 'stepDecay',
  training: { epochs: 70, batchSize: 128 },
}

/** The network of the paper's figure 3. Its first two pools round sizes up: they see an edge, for which `same` stands. */
export function paper2013({ input, classes }: BuildInputs): SymbolicTensor {
  let x = zeroPadding2d({ padding: 1 })(input)
  x = conv2d({ ...convolution, filters: 96, kernelSize: 7, strides: 2 })(x)
  x = maxPool2d({ poolSize: 3, strides: 2, padding: 'same' })(x)
  x = localResponseNormalization(contrast)(x)
  x = conv2d({ ...convolution, filters: 256, kernelSize: 5, strides: 2 })(x)
  x = maxPool2d({ poolSize: 3, strides: 2, padding: 'same' })(x)
  x = localResponseNormalization(contrast)(x)
  x = conv2d({ ...convolution, filters: 384, kernelSize: 3, padding: 'same' })(x)
  x = conv2d({ ...convolution, filters: 384, kernelSize: 3, padding: 'same' })(x)
  x = conv2d({ ...convolution, filters: 256, kernelSize: 3, padding: 'same' })(x)
  x = maxPool2d({ poolSize: 3, strides: 2 })(x)
  x = flatten()(x)
  x = dropout({ rate: 0.5 })(dense(hidden)(x))
  x = dropout({ rate: 0.5 })(dense(hidden)(x))
  return dense({ units: classes, activation: 'softmax', kernelInitializer })(x)
}
