import { defineOptions, numberAbove, numberIn, optional } from '../options/index.js'
import { checkedRule } from './checked-rule.js'
import { scaledDecay } from './decay.js'
import type { Optimizer } from './optimizer.js'
import { type CommonOptimizerOptions, commonOptimizerOptions, commonPart } from './options.js'
import { type Schedule, scheduled } from './schedules/index.js'

/** The learning rate is 0.001 by default, as in PyTorch. */
export interface AdamWOptions extends CommonOptimizerOptions {
  /** Multiplied by the learning rate; 0.01 by default. 0 makes it Adam. */
  readonly weightDecay?: number | Schedule
  /** How much of the mean gradient a step keeps, in [0, 1); 0.9 by default. */
  readonly beta1?: number
  /** How much of the mean squared gradient a step keeps, in [0, 1); 0.999 by default. */
  readonly beta2?: number
  /** Keeps the divisor from 0; 1e-8 by default. */
  readonly epsilon?: number
}

const options = defineOptions({
  ...commonOptimizerOptions(0.001),
  weightDecay: optional(scheduled, 0.01),
  beta1: optional(numberIn(0, 1), 0.9),
  beta2: optional(numberIn(0, 1), 0.999),
  epsilon: optional(numberAbove(0), 1e-8),
})

/**
 * Adam with decoupled weight decay, exactly as `torch.optim.AdamW`; t counts steps from 1:
 *
 *     w ← w − lr·wd·w
 *     m ← β₁·m + (1 − β₁)·g
 *     v ← β₂·v + (1 − β₂)·g²
 *     w ← w − lr / (1 − β₁ᵗ) · m / (√v / √(1 − β₂ᵗ) + ε)
 *
 * Sources: Kingma and Ba, "Adam", ICLR 2015; Loshchilov and Hutter, "Decoupled weight decay regularization", ICLR 2019; PyTorch,
 * `optim/adamw.py`.
 *
 * @throws ConvzooError of kind `option` for a bad option.
 * @example
 * const optimizer = adamW({ learningRate: 3e-4, weightDecay: 0.05 })
 */
export function adamW(given: AdamWOptions = {}): Optimizer<'mean' | 'meanSquare', 'meanFill' | 'meanSquareFill'> {
  const parsed = options.parse('adamW', given)
  const { beta1, beta2, epsilon } = parsed
  return checkedRule<'mean' | 'meanSquare', 'meanFill' | 'meanSquareFill'>({
    ...commonPart('adamW', parsed),
    slots: ['mean', 'meanSquare'],
    // How far means that started at 0 have filled up; the square's under its root.
    scalars: {
      meanFill: (step) => 1 - beta1 ** (step + 1),
      meanSquareFill: (step) => Math.sqrt(1 - beta2 ** (step + 1)),
    },
    decay: scaledDecay,
    update: ({ ops, weight, gradient, slots, learningRate, scalars }) => {
      const mean = ops.add(ops.multiply(slots.mean, beta1), ops.multiply(gradient, 1 - beta1))
      const meanSquare = ops.add(ops.multiply(slots.meanSquare, beta2), ops.multiply(ops.square(gradient), 1 - beta2))
      const size = ops.divide(learningRate, scalars.meanFill)
      const divisor = ops.add(ops.divide(ops.sqrt(meanSquare), scalars.meanSquareFill), epsilon)
      return {
        weight: ops.subtract(weight, ops.multiply(size, ops.divide(mean, divisor))),
        slots: { mean, meanSquare },
      }
    },
  })
}
