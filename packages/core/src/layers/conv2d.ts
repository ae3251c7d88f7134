import { constraint } from '../constraints/index.js'
import { ConvzooError } from '../errors/index.js'
import { convolutionSize } from '../graph/inference.js'
import type { ConvolutionAttributes } from '../graph/primitives.js'
import { glorotUniform, initializer, zeros } from '../initializers/index.js'
import { boolean, defineOptions, integer, oneOf, optional, pair } from '../options/index.js'
import { axisLength, borderOf, dilatedSize, type Padding, type Pair, type Shape, sizeOf } from '../shape.js'
import { activationNames, activations } from './activations.js'
import { defineLayer } from './layer.js'
import { imageOf, requireFit, sidesOf } from './spatial.js'

const options = defineOptions({
  filters: integer(1),
  kernelSize: pair(1),
  strides: optional(pair(1), [1, 1]),
  padding: optional(oneOf('valid', 'same'), 'valid'),
  dilations: optional(pair(1), [1, 1]),
  groups: optional(integer(1), 1),
  activation: optional(oneOf(...activationNames), 'linear'),
  useBias: optional(boolean, true),
  kernelInitializer: optional(initializer, glorotUniform),
  biasInitializer: optional(initializer, zeros),
  kernelConstraint: optional(constraint),
})

interface Geometry {
  readonly kernelSize: Pair
  readonly strides: Pair
  readonly padding: Padding
  readonly dilations: Pair
  readonly groups: number
}

function reachOf({ kernelSize, dilations }: Geometry): Pair {
  return [dilatedSize(kernelSize[0], dilations[0]), dilatedSize(kernelSize[1], dilations[1])]
}

function attributesOf(image: Pair, geometry: Geometry): ConvolutionAttributes {
  const { strides, padding, dilations, groups } = geometry
  return { strides, dilations, groups, padding: borderOf(padding, image, reachOf(geometry), strides) }
}

function kernelShape(
  layer: string,
  channels: number,
  { filters, kernelSize, groups }: Geometry & { readonly filters: number },
): Shape {
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
  outputShape: ([x], o, name) => {
    const { image } = imageOf(name, x)
    const attributes = attributesOf(image, o)
    const output = convolutionSize(image, o.kernelSize, attributes)
    requireFit(name, 'kernel', image, reachOf(o), output)
    return [...output, o.filters]
  },
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
  window: ([x], o) => ({ size: o.kernelSize, ...attributesOf(sidesOf(x), o) }),
  call: ({ ops }, [x], { kernel, bias }, o) => {
    const sum = ops.conv2d(x, kernel, attributesOf(sidesOf(x.shape), o))
    return activations[o.activation](ops, bias === undefined ? sum : ops.add(sum, bias))
  },
})
