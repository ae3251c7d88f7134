import {
  activation,
  type BuildInputs,
  conv2d,
  dropout,
  globalAveragePooling2d,
  maxPool2d,
  type Recipe,
  randomNormal,
  type SymbolicTensor,
} from '@convzoo/core'

const optimizer = { name: 'sgdL2', learningRate: 0.01, momentum: 0.9, weightDecay: 5e-4, convention: 'caffe' }

/** Twelve convolutions, each with a ReLU, behind pixels in the range of bytes: a third of the usual rate is steadier; at three times the usual it learns nothing. */
export const imagenetModernRecipe: Recipe = {
  optimizer: { name: 'adamW', learningRate: 1e-4 },
  schedule: { name: 'cosine', warmUp: 20 },
}

/** The solver of Caffe's model zoo: 450,000 steps of 64 images are some 22 epochs of ImageNet. */
export const imagenetRecipe: Recipe = { optimizer, schedule: 'stepDecay', training: { epochs: 22, batchSize: 64 } }

/** Classes whose map is 0 everywhere learn nothing more, for a ReLU is the last layer: the rate rises slowly, lest maps die at once. */
export const cifar10ModernRecipe: Recipe = {
  optimizer: { name: 'adamW', learningRate: 3e-4 },
  schedule: { name: 'cosine', warmUp: 20 },
}

/** The paper gives batches of 128 and says that the rate falls to a tenth; rate and decay are those of the network for ImageNet. */
export const cifar10Recipe: Recipe = { optimizer, schedule: 'stepDecay', training: { batchSize: 128 } }

interface PerceptronConvolution {
  readonly filters: number
  readonly kernelSize: number
  readonly strides?: number
  /** `same` by default: what their definitions write as a padding of 1 or 2. */
  readonly padding?: 'same' | 'valid'
  /** Filters of the two 1×1 convolutions behind it. */
  readonly behind: readonly [number, number]
  /** Deviation of the first weights of each of the three; 0.05 by default. */
  readonly deviations?: readonly [number, number, number]
}

/** The paper's layer: a convolution and two of 1×1 behind it, which are a small perceptron at each place; a ReLU after each. §3.1. */
function perceptronConvolution({ behind, deviations = [0.05, 0.05, 0.05], ...convolution }: PerceptronConvolution) {
  const normal = (standardDeviation: number) => randomNormal({ standardDeviation })
  const [first, second, third] = deviations
  return (input: SymbolicTensor): SymbolicTensor => {
    const [hidden, last] = behind
    let x = conv2d({ padding: 'same', ...convolution, activation: 'relu', kernelInitializer: normal(first) })(input)
    x = conv2d({ filters: hidden, kernelSize: 1, activation: 'relu', kernelInitializer: normal(second) })(x)
    return conv2d({ filters: last, kernelSize: 1, activation: 'relu', kernelInitializer: normal(third) })(x)
  }
}

/** The mean of a map for each class, and a softmax of the means. §3.2. */
function meanOfMaps(maps: SymbolicTensor): SymbolicTensor {
  return activation({ function: 'softmax' })(globalAveragePooling2d()(maps))
}

/**
 * The authors' network for ImageNet, from Caffe's model zoo. Its pools round sizes up: of a map of an even size, as the first is at 224×224, they
 * see an edge, for which `same` stands.
 */
export function imagenet({ input, classes }: BuildInputs): SymbolicTensor {
  let x = perceptronConvolution({
    ...{ filters: 96, kernelSize: 11, strides: 4, padding: 'valid' },
    behind: [96, 96],
    deviations: [0.01, 0.05, 0.05],
  })(input)
  x = maxPool2d({ poolSize: 3, strides: 2, padding: 'same' })(x)
  x = perceptronConvolution({ filters: 256, kernelSize: 5, behind: [256, 256] })(x)
  x = maxPool2d({ poolSize: 3, strides: 2 })(x)
  x = perceptronConvolution({ filters: 384, kernelSize: 3, behind: [384, 384], deviations: [0.01, 0.05, 0.05] })(x)
  x = maxPool2d({ poolSize: 3, strides: 2 })(x)
  x = dropout({ rate: 0.5 })(x)
  x = perceptronConvolution({
    ...{ filters: 1024, kernelSize: 3 },
    behind: [1024, classes],
    deviations: [0.05, 0.05, 0.01],
  })(x)
  return meanOfMaps(x)
}

/** The authors' network for CIFAR-10, from their cuda-convnet. Its pools round sizes up, too. */
export function cifar10({ input, classes }: BuildInputs): SymbolicTensor {
  let x = perceptronConvolution({ filters: 192, kernelSize: 5, behind: [160, 96] })(input)
  x = maxPool2d({ poolSize: 3, strides: 2, padding: 'same' })(x)
  x = dropout({ rate: 0.5 })(x)
  x = perceptronConvolution({ filters: 192, kernelSize: 5, behind: [192, 192] })(x)
  x = maxPool2d({ poolSize: 3, strides: 2, padding: 'same' })(x)
  x = dropout({ rate: 0.5 })(x)
  x = perceptronConvolution({ filters: 192, kernelSize: 3, behind: [192, classes] })(x)
  return meanOfMaps(x)
}
