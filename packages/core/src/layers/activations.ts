import type { Ops, Value } from '../graph/ops.js'

/** Functions that follow a layer's sum. `linear` is none. */
export const activations = {
  linear: (_ops: Ops, x: Value): Value => x,
  relu: (ops: Ops, x: Value): Value => ops.relu(x),
  sigmoid: (ops: Ops, x: Value): Value => ops.sigmoid(x),
  /** Over the last axis. */
  softmax: (ops: Ops, x: Value): Value => ops.softmax(x),
  tanh: (ops: Ops, x: Value): Value => ops.tanh(x),
} as const

export type ActivationName = keyof typeof activations

export const activationNames = [
  'linear',
  'relu',
  'sigmoid',
  'softmax',
  'tanh',
] as const satisfies readonly ActivationName[]
