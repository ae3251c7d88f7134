import type { Ops } from '../graph/ops.js'
import type { Value } from '../graph/value.js'

/** Functions that follow a layer's sum. `linear` is none. */
export const activations = {
  linear: (_ops: Ops, x: Value): Value => x,
  /** x where it is positive, exp(x) − 1 elsewhere. The exponent never sees large numbers, whose gradient would not be finite. */
  elu: (ops: Ops, x: Value): Value => ops.select(ops.greater(x, 0), x, ops.subtract(ops.exp(ops.minimum(x, 0)), 1)),
  relu: (ops: Ops, x: Value): Value => ops.relu(x),
  sigmoid: (ops: Ops, x: Value): Value => ops.sigmoid(x),
  /** Over the last axis. */
  softmax: (ops: Ops, x: Value): Value => ops.softmax(x),
  /** log(1 + exp(x)) as max(x, 0) + log(1 + exp(−|x|)), with −|x| = x − 2·max(x, 0). */
  softplus: (ops: Ops, x: Value): Value => {
    const positive = ops.relu(x)
    return ops.add(positive, ops.log(ops.add(ops.exp(ops.subtract(x, ops.multiply(positive, 2))), 1)))
  },
  /** x · sigmoid(x). */
  swish: (ops: Ops, x: Value): Value => ops.multiply(x, ops.sigmoid(x)),
  tanh: (ops: Ops, x: Value): Value => ops.tanh(x),
} as const

export type ActivationName = keyof typeof activations

export const activationNames = Object.keys(activations) as ActivationName[]
