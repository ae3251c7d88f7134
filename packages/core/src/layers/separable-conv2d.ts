import { constraint } from '../constraints/index.js'
import { glorotUniform, initializer, zeros } from '../initializers/index.js'
import { boolean, defineOptions, described, integer, optional } from '../options/index.js'
import { axisLength, noBorder, sizeOf } from '../shape.js'
import { activate, activationAfterSum } from './activation-option.js'
import { convolutionOf, convolvedShape, geometryOptions } from './convolution.js'
import { convolveDepthwise, depthMultiplierOption } from './depthwise-conv2d.js'
import { defineLayer } from './layer.js'
import { imageOf } from './spatial.js'

const pointwise = { strides: [1, 1], dilations: [1, 1], padding: noBorder, groups: 1 } as const

/**
 * A convolution of each channel by itself, then one of 1×1 over all: (H, W, C) → (H′, W′, filters). Weights as in Keras:
 * `depthwise_kernel` [kh, kw, C, depthMultiplier], `pointwise_kernel` [1, 1, C · depthMultiplier, filters], `bias` [filters]. Nothing
 * stands between the two.
 *
 * Source: Chollet, Xception, CVPR 2017.
 *
 * @throws ConvzooError of kind `option` for a bad option, of kind `shape` if the kernel does not fit its input.
 * @example
 * x = separableConv2d({ filters: 128, kernelSize: 3, padding: 'same' })(x)
 */
export const separableConv2d = defineLayer({
  type: 'separableConv2d',
  keras: 'SeparableConv2D',
  options: defineOptions({
    filters: described('how many channels it gives', integer(1)),
    ...geometryOptions,
    depthMultiplier: depthMultiplierOption,
    activation: activationAfterSum,
    useBias: optional(boolean, true),
    depthwiseInitializer: optional(initializer, glorotUniform),
    pointwiseInitializer: optional(initializer, glorotUniform),
    biasInitializer: optional(initializer, zeros),
    depthwiseConstraint: optional(constraint),
    pointwiseConstraint: optional(constraint),
  }),
  outputShape: ([x], o, name) => convolvedShape(name, x, o, o.filters),
  weights: ([x], o, name) => {
    const { channels } = imageOf(name, x)
    return {
      depthwise_kernel: {
        shape: [...o.kernelSize, channels, o.depthMultiplier],
        initializer: o.depthwiseInitializer,
        trainable: true,
        constraint: o.depthwiseConstraint,
      },
      pointwise_kernel: {
        shape: [1, 1, channels * o.depthMultiplier, o.filters],
        initializer: o.pointwiseInitializer,
        trainable: true,
        constraint: o.pointwiseConstraint,
      },
      ...(o.useBias ? { bias: { shape: [o.filters], initializer: o.biasInitializer, trainable: true } } : {}),
    }
  },
  multiplyAdds: ([x], o, y) => {
    const between = axisLength(x, -1) * o.depthMultiplier
    return (sizeOf(y) / o.filters) * between * (sizeOf(o.kernelSize) + o.filters)
  },
  window: ([x], o) => ({ size: o.kernelSize, ...convolutionOf(x, o, axisLength(x, -1)) }),
  call: ({ ops }, [x], { depthwise_kernel: depthwise, pointwise_kernel: kernel, bias }, o) => {
    const sum = ops.conv2d(convolveDepthwise(ops, x, depthwise, o), kernel, pointwise)
    return activate(ops, bias === undefined ? sum : ops.add(sum, bias), o.activation)
  },
})
