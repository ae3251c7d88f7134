import { defineOptions, oneOf } from '../options/index.js'
import { activationNames, activations } from './activations.js'
import { defineLayer } from './layer.js'

/**
 * A function on each element, or on the last axis for `softmax`.
 *
 * @example
 * x = activation({ function: 'relu' })(x)
 */
export const activation = defineLayer({
  type: 'activation',
  keras: 'Activation',
  options: defineOptions({ function: oneOf(...activationNames) }),
  outputShape: ([x]) => x,
  call: ({ ops }, [x], _weights, o) => activations[o.function](ops, x),
})
