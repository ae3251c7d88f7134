import { defineOptions, described } from '../options/index.js'
import { activate, activationKind } from './activation-option.js'
import { defineLayer } from './layer.js'

/**
 * A function on each element, or on the last axis for `softmax`: by the name of one of core's, by a name that a plugin registered, or
 * the function itself, which is traced as a layer is. Shapes stay.
 *
 * @throws ConvzooError of kind `option` for a name that is not known, of kind `shape` for a function that changes the shape.
 * @example
 * x = activation({ function: 'relu' })(x)
 * x = activation({ function: (ops, value) => ops.multiply(value, ops.tanh(value)) })(x)
 */
export const activation = defineLayer({
  type: 'activation',
  keras: 'Activation',
  options: defineOptions({ function: described('a name or a function (ops, x) => value', activationKind) }),
  outputShape: ([x]) => x,
  call: ({ ops }, [x], _weights, o) => activate(ops, x, o.function),
})
