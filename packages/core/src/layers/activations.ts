import type { Ops } from '../graph/ops.js'
import type { Value } from '../graph/value.js'

/** A function on each element, or along the last axis: traced as a layer is, and of the shape that it is given. */
export type ActivationFunction = (ops: Ops, x: Value) => Value

const selu = { scale: 1.0507009873554805, alpha: 1.6732632423543772 }

/** x where it is positive, alpha · (exp(x) − 1) elsewhere. The exponent never sees large numbers, whose gradient would not be finite. */
export function eluOf(ops: Ops, x: Value, alpha: number): Value {
  const negative = ops.subtract(ops.exp(ops.minimum(x, 0)), 1)
  return ops.select(ops.greater(x, 0), x, alpha === 1 ? negative : ops.multiply(negative, alpha))
}

/** log(1 + exp(x)) as max(x, 0) + log(1 + exp(−|x|)), with −|x| = x − 2·max(x, 0). */
function softplus(ops: Ops, x: Value): Value {
  const positive = ops.relu(x)
  return ops.add(positive, ops.log(ops.add(ops.exp(ops.subtract(x, ops.multiply(positive, 2))), 1)))
}

/** min(max(x, 0), 6). Its gradient at 6 is 0: of two that are equal, the first takes it. */
const relu6 = (ops: Ops, x: Value): Value => ops.minimum(6, ops.relu(x))

const hardSigmoid = (ops: Ops, x: Value): Value => ops.divide(relu6(ops, ops.add(x, 3)), 6)

const silu = (ops: Ops, x: Value): Value => ops.multiply(x, ops.sigmoid(x))

const half = (ops: Ops, x: Value, factor: Value): Value => ops.multiply(ops.multiply(x, 0.5), ops.add(factor, 1))

/** Functions that follow a layer's sum. `linear` is none. */
export const activations = {
  linear: (_ops, x) => x,
  elu: (ops, x) => eluOf(ops, x, 1),
  /** x · Φ(x), exactly: x / 2 · (1 + erf(x / √2)). */
  gelu: (ops, x) => half(ops, x, ops.erf(ops.multiply(x, Math.SQRT1_2))),
  /** Its approximation x / 2 · (1 + tanh(√(2 / π) · (x + 0.044715 · x³))). */
  geluTanh: (ops, x) => {
    const cubic = ops.add(x, ops.multiply(ops.multiply(ops.square(x), x), 0.044715))
    return half(ops, x, ops.tanh(ops.multiply(cubic, Math.sqrt(2 / Math.PI))))
  },
  /** relu6(x + 3) / 6, as in Keras 3 and PyTorch; Keras 2 has another. */
  hardSigmoid,
  /** x · relu6(x + 3) / 6. */
  hardSwish: (ops, x) => ops.multiply(x, hardSigmoid(ops, x)),
  /** x · tanh(softplus(x)). */
  mish: (ops, x) => ops.multiply(x, ops.tanh(softplus(ops, x))),
  relu: (ops, x) => ops.relu(x),
  relu6,
  selu: (ops, x) => ops.multiply(eluOf(ops, x, selu.alpha), selu.scale),
  sigmoid: (ops, x) => ops.sigmoid(x),
  /** x · sigmoid(x), which Keras calls swish, too. */
  silu,
  /** Over the last axis. */
  softmax: (ops, x) => ops.softmax(x),
  softplus,
  swish: silu,
  tanh: (ops, x) => ops.tanh(x),
} as const satisfies Readonly<Record<string, ActivationFunction>>

/** The activations that core brings. */
export type ActivationName = keyof typeof activations

export const activationNames = Object.keys(activations) as ActivationName[]
