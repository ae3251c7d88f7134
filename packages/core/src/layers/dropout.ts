import { defineOptions, numberIn } from '../options/index.js'
import { defineLayer } from './layer.js'

/**
 * In training, drops each unit with probability `rate` and scales what is kept by 1 / (1 − rate); in inference, nothing. A unit is
 * kept where its uniform number is at least `rate`, as in Keras.
 *
 * Source: Srivastava et al., JMLR 2014.
 *
 * @throws ConvzooError of kind `option` if the rate is not in [0, 1).
 * @example
 * x = dropout({ rate: 0.5 })(x)
 */
export const dropout = defineLayer({
  type: 'dropout',
  keras: 'Dropout',
  options: defineOptions({ rate: numberIn(0, 1) }),
  outputShape: ([x]) => x,
  call: ({ ops, training, random }, [x], _weights, { rate }) => {
    if (!training || rate === 0) return x
    const kept = ops.greaterOrEqual(random(x.shape.slice(1)), rate)
    return ops.select(kept, ops.multiply(x, 1 / (1 - rate)), 0)
  },
})
