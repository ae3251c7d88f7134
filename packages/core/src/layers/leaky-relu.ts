import { defineOptions, numberFrom, optional } from '../options/index.js'
import { defineLayer } from './layer.js'

/**
 * x where it is positive, negativeSlope · x elsewhere, element by element. The slope is 0.3 by default, as in Keras, whose name for it
 * is `alpha`.
 *
 * Source: Maas, Hannun and Ng, ICML workshop 2013.
 *
 * @throws ConvzooError of kind `option` if the slope is negative.
 * @example
 * x = leakyRelu({ negativeSlope: 0.01 })(x)
 */
export const leakyRelu = defineLayer({
  type: 'leakyRelu',
  keras: 'LeakyReLU',
  options: defineOptions({ negativeSlope: optional(numberFrom(0), 0.3) }),
  outputShape: ([x]) => x,
  call: ({ ops }, [x], _weights, { negativeSlope }) => ops.select(ops.greater(x, 0), x, ops.multiply(x, negativeSlope)),
})
