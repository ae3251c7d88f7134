import { described, numberAbove, numberIn, type OptionsOf, optional } from '../options/index.js'
import { scaledDecay } from './decay.js'
import { defineOptimizer, type OptimizerRule } from './define-optimizer.js'
import { scheduled } from './schedules/index.js'

/**
 * Adam with decoupled weight decay, exactly as `torch.optim.AdamW`; t counts steps from 1:
 *
 *     w ← w − lr·wd·w
 *     m ← β₁·m + (1 − β₁)·g
 *     v ← β₂·v + (1 − β₂)·g²
 *     w ← w − lr / (1 − β₁ᵗ) · m / (√v / √(1 − β₂ᵗ) + ε)
 *
 * The learning rate is 0.001 by default, as in PyTorch.
 *
 * Sources: Kingma and Ba, "Adam", ICLR 2015; Loshchilov and Hutter, "Decoupled weight decay regularization", ICLR 2019; PyTorch,
 * `optim/adamw.py`.
 *
 * @throws ConvzooError of kind `option` for a bad option.
 * @example
 * const optimizer = adamW({ learningRate: 3e-4, weightDecay: 0.05 })
 */
export const adamW = defineOptimizer({
  specification: 'optimizer/v1',
  name: 'adamW',
  title: 'Adam with decoupled weight decay, as PyTorch',
  source: 'Kingma and Ba, "Adam", ICLR 2015; Loshchilov and Hutter, "Decoupled weight decay regularization", ICLR 2019',
  learningRate: 0.001,
  options: {
    /** Multiplied by the learning rate; 0.01 by default. 0 makes it Adam. */
    weightDecay: described('fraction of each weight that is lost at a learning rate of 1', optional(scheduled, 0.01)),
    /** In [0, 1); 0.9 by default. */
    beta1: described('decay rate of the first moment', optional(numberIn(0, 1), 0.9)),
    /** In [0, 1); 0.999 by default. */
    beta2: described('decay rate of the second moment', optional(numberIn(0, 1), 0.999)),
    /** 1e-8 by default. */
    epsilon: described('keeps the divisor from 0', optional(numberAbove(0), 1e-8)),
  },
  rule: ({
    beta1,
    beta2,
    epsilon,
  }): OptimizerRule<'firstMoment' | 'secondMoment', 'biasCorrection1' | 'biasCorrection2Sqrt'> => ({
    slots: { firstMoment: 'zeros', secondMoment: 'zeros' },
    formerSlots: { firstMoment: 'mean', secondMoment: 'meanSquare' },
    scalars: {
      biasCorrection1: (step) => 1 - beta1 ** (step + 1),
      biasCorrection2Sqrt: (step) => Math.sqrt(1 - beta2 ** (step + 1)),
    },
    decay: scaledDecay,
    update: ({ ops, weight, gradient, slots, learningRate, scalars }) => {
      const firstMoment = ops.add(ops.multiply(slots.firstMoment, beta1), ops.multiply(gradient, 1 - beta1))
      const secondMoment = ops.add(
        ops.multiply(slots.secondMoment, beta2),
        ops.multiply(ops.square(gradient), 1 - beta2),
      )
      const stepSize = ops.divide(learningRate, scalars.biasCorrection1)
      const divisor = ops.add(ops.divide(ops.sqrt(secondMoment), scalars.biasCorrection2Sqrt), epsilon)
      return {
        weight: ops.subtract(weight, ops.multiply(stepSize, ops.divide(firstMoment, divisor))),
        slots: { firstMoment, secondMoment },
      }
    },
  }),
})

export type AdamWOptions = OptionsOf<typeof adamW>
