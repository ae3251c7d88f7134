import { defineOptions, integer, numberAbove, numberFrom, optional } from '../options/index.js'
import { defineLayer } from './layer.js'

/**
 * Local response normalization over the last axis, the channels: y_c = x_c / (bias + alpha · Σ x_j²)^beta over the channels j from
 * c − depthRadius to c + depthRadius that exist. Shapes stay. Names and defaults are those of `tf.nn.local_response_normalization`.
 *
 * `alpha` multiplies the plain sum, as in the paper, whose n neighbours are 2 · depthRadius + 1 and whose k is `bias`: k = 2, n = 5,
 * α = 1e-4, β = 0.75 is `{ depthRadius: 2, bias: 2, alpha: 1e-4, beta: 0.75 }`. Caffe and PyTorch multiply the sum by α / n: a network
 * of theirs keeps its meaning when its alpha is divided by its size n.
 *
 * Source: Krizhevsky, Sutskever and Hinton, NIPS 2012, section 3.3.
 *
 * @throws ConvzooError of kind `option` for a bad option.
 * @example
 * x = localResponseNormalization({ depthRadius: 2, bias: 2, alpha: 1e-4, beta: 0.75 })(x)
 */
export const localResponseNormalization = defineLayer({
  type: 'localResponseNormalization',
  keras: 'LocalResponseNormalization',
  options: defineOptions({
    depthRadius: optional(integer(0), 5),
    bias: optional(numberAbove(0), 1),
    alpha: optional(numberFrom(0), 1),
    beta: optional(numberFrom(0), 0.5),
  }),
  outputShape: ([x]) => x,
  call: ({ ops }, [x], _weights, { depthRadius: radius, bias, alpha, beta }) =>
    ops.localResponseNormalization(x, { radius, bias, alpha, beta }),
})
