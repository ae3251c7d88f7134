import { constraint } from '../constraints/index.js'
import { ConvzooError } from '../errors/index.js'
import { glorotUniform, initializer, zeros } from '../initializers/index.js'
import { boolean, defineOptions, described, integer, optional } from '../options/index.js'
import { axisLength, type Pair, type Shape, sizeOf } from '../shape.js'
import { activate, activationAfterSum } from './activation-option.js'
import { convolutionOf, convolvedShape, geometryOptions } from './convolution.js'
import { defineLayer } from './layer.js'
import { imageOf } from './spatial.js'

const options = defineOptions({
  filters: described('how many channels it gives', integer(1)),
  ...geometryOptions,
  groups: optional(described('groups of channels that do not see each other', integer(1)), 1),
  activation: activationAfterSum,
  useBias: optional(boolean, true),
  kernelInitializer: optional(initializer, glorotUniform),
  biasInitializer: optional(initializer, zeros),
  kernelConstraint: optional(constraint),
})

interface Grouped {
  readonly filters: number
  readonly kernelSize: Pair
  readonly groups: number
}

function kernelShape(layer: string, channels: number, { filters, kernelSize, groups }: Grouped): Shape {
  if (channels % groups !== 0 || filters % groups !== 0) {
    throw new ConvzooError({
      kind: 'option',
      message: `The option "groups" of layer ${layer} does not divide its channels.`,
      expected: `a divisor of ${channels} input channels and of ${filters} filters`,
      received: String(groups),
    })
  }
  return [...kernelSize, channels / groups, filters]
}

/**
 * Convolution over images: (H, W, C) → (H′, W′, filters). Kernel [kh, kw, C / groups, filters], bias [filters]. Defaults are Keras':
 * stride 1, padding `valid`, Glorot uniform kernel, zero bias, linear.
 *
 * @throws ConvzooError of kind `option` for a bad option, of kind `shape` if the kernel does not fit its input.
 * @example
 * x = conv2d({ filters: 96, kernelSize: 11, strides: 4 })(x)
 */
export const conv2d = defineLayer({
  type: 'conv2d',
  keras: 'Conv2D',
  options,
  outputShape: ([x], o, name) => convolvedShape(name, x, o, o.filters),
  weights: ([x], o, name) => ({
    kernel: {
      shape: kernelShape(name, imageOf(name, x).channels, o),
      initializer: o.kernelInitializer,
      trainable: true,
      constraint: o.kernelConstraint,
    },
    ...(o.useBias ? { bias: { shape: [o.filters], initializer: o.biasInitializer, trainable: true } } : {}),
  }),
  multiplyAdds: ([x], o, y) => sizeOf(y) * sizeOf(o.kernelSize) * (axisLength(x, -1) / o.groups),
  window: ([x], o) => ({ size: o.kernelSize, ...convolutionOf(x, o, o.groups) }),
  call: ({ ops }, [x], { kernel, bias }, o) => {
    const sum = ops.conv2d(x, kernel, convolutionOf(x.shape, o, o.groups))
    return activate(ops, bias === undefined ? sum : ops.add(sum, bias), o.activation)
  },
})
