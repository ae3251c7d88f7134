import type { Optimizer, Schedule } from '@convzoo/core'
import { defineOptions, numberAbove, optional, scheduled } from '@convzoo/core/define'

export interface AdaGradOptions {
  /** 0.01 by default. */
  readonly learningRate?: number | Schedule
  /** Keeps the divisor from 0; 0.01 by default. */
  readonly epsilon?: number
}

const options = defineOptions({
  learningRate: optional(scheduled, 0.01),
  epsilon: optional(numberAbove(0), 0.01),
})

/**
 * AdaGrad (Duchi, Hazan and Singer, 2011), without decay:
 *
 *     s ← s + g²
 *     w ← w − lr · g / (√s + ε)
 *
 * @throws ConvzooError of kind `option` for a bad option.
 * @example
 * const optimizer = adaGrad({ learningRate: 0.05 })
 */
export function adaGrad(given: AdaGradOptions = {}): Optimizer<'squares', never> {
  const { learningRate, epsilon } = options.parse('adaGrad', given)
  return {
    name: 'adaGrad',
    hyperparameters: { learningRate, weightDecay: 0 },
    scalars: {},
    slots: ['squares'],
    clipping: {},
    decays: () => false,
    decay: ({ weight, gradient }) => ({ weight, gradient }),
    update: ({ ops, weight, gradient, slots, learningRate: rate }) => {
      const squares = ops.add(slots.squares, ops.square(gradient))
      const step = ops.divide(gradient, ops.add(ops.sqrt(squares), epsilon))
      return { weight: ops.subtract(weight, ops.multiply(rate, step)), slots: { squares } }
    },
  }
}
