import { initializer, ones, zeros } from '../initializers/index.js'
import { axes, boolean, defineOptions, described, numberAbove, optional } from '../options/index.js'
import type { Shape } from '../shape.js'
import { placeOf } from './axis.js'
import { defineLayer } from './layer.js'

const placesOf = (layer: string, shape: Shape, given: readonly number[]): readonly number[] =>
  [...new Set(given.map((axis) => placeOf(layer, shape, axis, 'normalized')))].sort((a, b) => a - b)

/**
 * Normalizes each sample along `axis`, by default the last: (x − mean) / √(variance + epsilon) · gamma + beta, with the biased variance,
 * alike in training and inference. Shapes stay. `axis` counts the batch axis as 0, or from the end; it may be a list. Weights of the
 * lengths of those axes: `gamma`, `beta` (unless `scale` or `center` is false).
 *
 * `epsilon` is 1e-3 by default, as in Keras; PyTorch's is 1e-5, ConvNeXt's 1e-6.
 *
 * Source: Ba, Kiros and Hinton, 2016.
 *
 * @throws ConvzooError of kind `option` for a bad option or an axis that is not there.
 * @example
 * x = layerNormalization({ epsilon: 1e-6 })(x)
 */
export const layerNormalization = defineLayer({
  type: 'layerNormalization',
  keras: 'LayerNormalization',
  options: defineOptions({
    axis: optional(described('along what is normalized', axes), [-1]),
    epsilon: optional(described('what is added to the variance', numberAbove(0)), 1e-3),
    center: optional(described('whether beta is added', boolean), true),
    scale: optional(described('whether gamma multiplies', boolean), true),
    betaInitializer: optional(initializer, zeros),
    gammaInitializer: optional(initializer, ones),
  }),
  outputShape: ([x], { axis }, name) => {
    placesOf(name, x, axis)
    return x
  },
  weights: ([x], o, name) => {
    const places = placesOf(name, x, o.axis)
    const shape = x.filter((_, place) => places.includes(place))
    return {
      ...(o.scale ? { gamma: { shape, initializer: o.gammaInitializer, trainable: true } } : {}),
      ...(o.center ? { beta: { shape, initializer: o.betaInitializer, trainable: true } } : {}),
    }
  },
  call: ({ ops }, [x], { gamma, beta }, { axis, epsilon }) => {
    const axes = placesOf('layerNormalization', x.shape.slice(1), axis).map((place) => place + 1)
    const along = x.shape.slice(1).map((length, place) => (axes.includes(place + 1) ? length : 1))
    const centered = ops.subtract(x, ops.mean(x, { axes, keepDimensions: true }))
    const variance = ops.mean(ops.square(centered), { axes, keepDimensions: true })
    const normalized = ops.divide(centered, ops.sqrt(ops.add(variance, epsilon)))
    const scaled = gamma === undefined ? normalized : ops.multiply(normalized, ops.reshape(gamma, along))
    return beta === undefined ? scaled : ops.add(scaled, ops.reshape(beta, along))
  },
})
