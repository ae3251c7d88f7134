import {
  batchNormalization,
  channelShuffle,
  concatenate,
  conv2d,
  dense,
  depthwiseConv2d,
  functionalModel,
  globalAveragePooling2d,
  type ImageShape,
  input,
  layerNormalization,
  type Model,
  multiply,
  permute,
  reshape,
  separableConv2d,
} from '@convzoo/core'
import { activations } from '@convzoo/core/define'

/**
 * A network with what later zoos are made of: depthwise and separable convolutions, squeeze and excitation, shuffled channels,
 * normalizations, and every activation.
 */
export function zooModel(image: ImageShape, classes: number): Model {
  const images = input({ shape: image })
  let x = conv2d({ filters: 6, kernelSize: 3, strides: 2, padding: 'same', activation: 'hardSwish' })(images)
  x = depthwiseConv2d({ kernelSize: 3, depthMultiplier: 2, padding: 'same', useBias: false })(x)
  x = batchNormalization({ momentum: 0.9 })(x)
  const squeezed = conv2d({ filters: 4, kernelSize: 1, activation: 'silu' })(
    globalAveragePooling2d({ keepDimensions: true })(x),
  )
  x = multiply()([x, conv2d({ filters: 12, kernelSize: 1, activation: 'hardSigmoid' })(squeezed)])
  x = layerNormalization()(channelShuffle({ groups: 3 })(x))
  x = separableConv2d({ filters: 5, kernelSize: 3, activation: 'gelu' })(x)
  x = reshape({ targetShape: [5, -1] })(permute({ dims: [3, 1, 2] })(x))
  x = layerNormalization({ axis: [1, 2], epsilon: 1e-5 })(x)
  const row = reshape({ targetShape: [-1] })(x)
  const each = Object.keys(activations).map((activation) => dense({ units: 2, activation })(row))
  const own = dense({ units: 2, activation: (ops, value) => ops.multiply(ops.erf(value), 2) })(row)
  return functionalModel({
    inputs: images,
    output: dense({ units: classes, activation: 'softmax' })(concatenate()([...each, own])),
  })
}
