import {
  activation,
  type BuildInputs,
  conv2d,
  globalAveragePooling2d,
  maxPool2d,
  type SymbolicTensor,
} from '@convzoo/core'

/**
 * The network of the notebook, layer for layer: AlexNet's convolutions, then the mean of each of their 256 maps. With classes, one map
 * for each before the mean, and a softmax behind it, as the paper has them.
 */
export function notebook({ input, classes, endsIn }: BuildInputs): SymbolicTensor {
  let x = conv2d({ filters: 96, kernelSize: 11, strides: 4 })(input)
  x = maxPool2d({ poolSize: 3, strides: 2 })(x)
  x = conv2d({ filters: 256, kernelSize: 5, padding: 'same', activation: 'relu' })(x)
  x = maxPool2d({ poolSize: 3, strides: 2 })(x)
  x = conv2d({ filters: 384, kernelSize: 3, padding: 'same', activation: 'relu', biasInitializer: 'ones' })(x)
  x = conv2d({ filters: 384, kernelSize: 3, padding: 'same', activation: 'relu' })(x)
  x = conv2d({ filters: 256, kernelSize: 3, padding: 'same', activation: 'relu' })(x)
  x = maxPool2d({ poolSize: 3, strides: 2 })(x)
  if (endsIn === 'features') return globalAveragePooling2d()(x)
  x = conv2d({ filters: classes, kernelSize: 1 })(x)
  x = globalAveragePooling2d()(x)
  return activation({ function: 'softmax' })(x)
}
