import { constraint } from '../constraints/index.js'
import type { Ops, Value } from '../graph/index.js'
import { glorotUniform, initializer, zeros } from '../initializers/index.js'
import { boolean, defineOptions, described, integer, optional } from '../options/index.js'
import { axisLength, sizeOf } from '../shape.js'
import { activate, activationAfterSum } from './activation-option.js'
import { type ConvolutionGeometry, convolutionOf, convolvedShape, geometryOptions } from './convolution.js'
import { defineLayer } from './layer.js'
import { imageOf } from './spatial.js'

/** Of all layers that convolve each channel by itself. */
export const depthMultiplierOption = optional(described('channels that are made of each', integer(1)), 1)

/** [N, H, W, C] under a kernel [kh, kw, C, multiplier]: one group a channel. */
export function convolveDepthwise(ops: Ops, x: Value, kernel: Value, geometry: ConvolutionGeometry): Value {
  const [rows = 1, columns = 1, channels = 1, multiplier = 1] = kernel.shape
  const grouped = ops.reshape(kernel, [rows, columns, 1, channels * multiplier])
  return ops.conv2d(x, grouped, convolutionOf(x.shape, geometry, channels))
}

/**
 * Convolution of each channel by itself: (H, W, C) → (H′, W′, C · depthMultiplier), where channel c gives the channels from
 * c · depthMultiplier on. Weights as in Keras: `depthwise_kernel` [kh, kw, C, depthMultiplier], `bias` [C · depthMultiplier].
 *
 * @throws ConvzooError of kind `option` for a bad option, of kind `shape` if the kernel does not fit its input.
 * @example
 * x = depthwiseConv2d({ kernelSize: 3, strides: 2, padding: 'same', useBias: false })(x)
 */
export const depthwiseConv2d = defineLayer({
  type: 'depthwiseConv2d',
  keras: 'DepthwiseConv2D',
  options: defineOptions({
    ...geometryOptions,
    depthMultiplier: depthMultiplierOption,
    activation: activationAfterSum,
    useBias: optional(boolean, true),
    depthwiseInitializer: optional(initializer, glorotUniform),
    biasInitializer: optional(initializer, zeros),
    depthwiseConstraint: optional(constraint),
  }),
  outputShape: ([x], o, name) => convolvedShape(name, x, o, imageOf(name, x).channels * o.depthMultiplier),
  weights: ([x], o, name) => {
    const { channels } = imageOf(name, x)
    return {
      depthwise_kernel: {
        shape: [...o.kernelSize, channels, o.depthMultiplier],
        initializer: o.depthwiseInitializer,
        trainable: true,
        constraint: o.depthwiseConstraint,
      },
      ...(o.useBias
        ? { bias: { shape: [channels * o.depthMultiplier], initializer: o.biasInitializer, trainable: true } }
        : {}),
    }
  },
  multiplyAdds: (_inputs, o, y) => sizeOf(y) * sizeOf(o.kernelSize),
  window: ([x], o) => ({ size: o.kernelSize, ...convolutionOf(x, o, axisLength(x, -1)) }),
  call: ({ ops }, [x], { depthwise_kernel: kernel, bias }, o) => {
    const sum = convolveDepthwise(ops, x, kernel, o)
    return activate(ops, bias === undefined ? sum : ops.add(sum, bias), o.activation)
  },
})
