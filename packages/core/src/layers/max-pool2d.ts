import { poolSize } from '../graph/inference.js'
import type { PoolAttributes } from '../graph/primitives.js'
import { borderOf, type Padding, type Pair } from '../shape.js'
import { defineLayer } from './layer.js'
import { defineOptions, oneOf, optional, pair } from './options.js'
import { imageOf, requireFit } from './spatial.js'

interface Geometry {
  readonly poolSize: Pair
  readonly strides: Pair | undefined
  readonly padding: Padding
}

function attributesOf(image: Pair, { poolSize: size, strides = size, padding }: Geometry): PoolAttributes {
  return { size, strides, padding: borderOf(padding, image, size, strides) }
}

/**
 * The largest value of each window: (H, W, C) → (H′, W′, C). Strides default to the window's size, padding to `valid`, as in Keras.
 *
 * @throws ConvzooError of kind `option` for a bad option, of kind `shape` if the window does not fit its input.
 * @example
 * x = maxPool2d({ poolSize: 3, strides: 2 })(x)
 */
export const maxPool2d = defineLayer({
  type: 'maxPool2d',
  keras: 'MaxPooling2D',
  options: defineOptions({
    poolSize: optional(pair(1), [2, 2]),
    strides: optional(pair(1)),
    padding: optional(oneOf('valid', 'same'), 'valid'),
  }),
  outputShape: ([x], o) => {
    const { image, channels } = imageOf('maxPool2d', x)
    const output = poolSize(image, attributesOf(image, o))
    requireFit('maxPool2d', 'window', image, o.poolSize, output)
    return [...output, channels]
  },
  window: ([x], o) => attributesOf(imageOf('maxPool2d', x).image, o),
  call: ({ ops }, [x], _weights, o) => ops.maxPool2d(x, attributesOf(imageOf('maxPool2d', x.shape.slice(1)).image, o)),
})
