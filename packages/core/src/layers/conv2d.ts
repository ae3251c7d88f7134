import { ConvzooError } from '../errors/index.js'
import { convolutionSize } from '../graph/inference.js'
import type { ConvolutionAttributes } from '../graph/primitives.js'
import { glorotUniform, zeros } from '../initializers/index.js'
import { borderOf, dilatedSize, type Padding, type Pair, type Shape, sizeOf } from '../shape.js'
import { activationNames, activations } from './activations.js'
import { defineLayer } from './layer.js'
import { boolean, constraint, defineOptions, initializer, integer, oneOf, optional, pair } from './options.js'
import { imageOf, requireFit } from './spatial.js'

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
  channels: number,
  { filters, kernelSize, groups }: Geometry & { readonly filters: number },
): Shape {
  if (channels % groups !== 0 || filters % groups !== 0) {
    throw new ConvzooError({
      kind: 'option',
      message: 'The option "groups" of layer conv2d does not divide its channels.',
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
  outputShape: ([x], o) => {
    const { image } = imageOf('conv2d', x)
    const attributes = attributesOf(image, o)
    const output = convolutionSize(image, o.kernelSize, attributes)
    requireFit('conv2d', 'kernel', image, reachOf(o), output)
    return [...output, o.filters]
  },
  weights: ([x], o) => ({
    kernel: {
      shape: kernelShape(imageOf('conv2d', x).channels, o),
      initializer: o.kernelInitializer,
      trainable: true,
      constraint: o.kernelConstraint,
    },
    ...(o.useBias ? { bias: { shape: [o.filters], initializer: o.biasInitializer, trainable: true } } : {}),
  }),
  multiplyAdds: ([x], o, y) => sizeOf(y) * sizeOf(o.kernelSize) * (imageOf('conv2d', x).channels / o.groups),
  window: ([x], o) => ({ size: o.kernelSize, ...attributesOf(imageOf('conv2d', x).image, o) }),
  call: ({ ops }, [x], { kernel, bias }, o) => {
    const { image } = imageOf('conv2d', x.shape.slice(1))
    const sum = ops.conv2d(x, kernel, attributesOf(image, o))
    return activations[o.activation](ops, bias === undefined ? sum : ops.add(sum, bias))
  },
})
