import {
  defineOptimizer,
  described,
  numberIn,
  type Ops,
  type OptimizerRule,
  optional,
  scheduled,
  type Value,
} from '@convzoo/core/define'

/**
 * Lion (Chen et al., "Symbolic discovery of optimization algorithms", NeurIPS 2023, algorithm 2):
 *
 *     c ← β₁·m + (1 − β₁)·g
 *     w ← w − lr·(sign(c) + λ·w)
 *     m ← β₂·m + (1 − β₂)·g
 *
 * Every weight moves by the learning rate, whatever its gradient is: rates are 3 to 10 times smaller than Adam's, decays as much larger.
 *
 * @example
 * const optimizer = lion({ learningRate: 3e-5, weightDecay: 1 })
 */
export const lion = defineOptimizer({
  specification: 'optimizer/v1',
  name: 'lion',
  title: 'Lion: the sign of a mean gradient',
  source: 'Chen et al., "Symbolic discovery of optimization algorithms", NeurIPS 2023',
  learningRate: 1e-4,
  options: {
    weightDecay: described('fraction of each weight that is lost at a learning rate of 1', optional(scheduled, 0)),
    beta1: described('part of the mean in the sign that is stepped by', optional(numberIn(0, 1), 0.9)),
    beta2: described('part of the mean that is kept', optional(numberIn(0, 1), 0.99)),
  },
  rule: ({ beta1, beta2 }): OptimizerRule<'mean'> => ({
    slots: { mean: 'zeros' },
    update: ({ ops, weight, gradient, slots: { mean }, learningRate }) => ({
      weight: ops.subtract(weight, ops.multiply(learningRate, sign(ops, blend(ops, mean, gradient, beta1)))),
      slots: { mean: blend(ops, mean, gradient, beta2) },
    }),
  }),
})

/** kept·a + (1 − kept)·b */
const blend = (ops: Ops, a: Value, b: Value, kept: number): Value =>
  ops.add(ops.multiply(a, kept), ops.multiply(b, 1 - kept))

/** −1, 0 or 1. */
const sign = (ops: Ops, x: Value): Value =>
  ops.subtract(ops.select(ops.greater(x, 0), 1, 0), ops.select(ops.greater(0, x), 1, 0))
