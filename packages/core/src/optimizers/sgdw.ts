import { ConvzooError, describeValue } from '../errors/index.js'
import type { Clipping } from './clipping.js'
import type { Optimizer } from './optimizer.js'
import type { Schedule } from './schedules/index.js'

export interface SgdwOptions {
  /** Part of each weight that is lost in a step; not multiplied by the learning rate. */
  readonly weightDecay: number | Schedule
  /** 0.001 by default, as in tensorflow_addons. */
  readonly learningRate?: number | Schedule
  /** From 0 to 1; 0 by default. */
  readonly momentum?: number
  readonly nesterov?: boolean
  /** Weights whose names match one of these do not decay; all decay by default, biases too. */
  readonly excludeFromWeightDecay?: readonly RegExp[]
  readonly clipping?: Clipping
}

/**
 * Stochastic gradient descent with decoupled weight decay, exactly as `tfa.optimizers.SGDW`:
 *
 *     w ← w − wd·w
 *     v ← μ·v − lr·g
 *     w ← w + v                 nesterov: w ← w + μ·v − lr·g
 *     without momentum: w ← w − lr·g, and no v
 *
 * The decay is not multiplied by the learning rate: a schedule of the one is not a schedule of the other.
 *
 * Sources: Loshchilov and Hutter, "Decoupled weight decay regularization", ICLR 2019; tensorflow_addons,
 * `weight_decay_optimizers.py`.
 *
 * @throws ConvzooError of kind `option` if the momentum is not in [0, 1].
 * @example
 * const optimizer = sgdw({ weightDecay: 5e-4, momentum: 0.9 })
 */
export function sgdw({
  weightDecay,
  learningRate = 0.001,
  momentum = 0,
  nesterov = false,
  excludeFromWeightDecay = [],
  clipping = {},
}: SgdwOptions): Optimizer<'velocity'> {
  if (!(momentum >= 0 && momentum <= 1)) {
    throw new ConvzooError({
      kind: 'option',
      message: 'The option "momentum" of sgdw has a value that cannot be used.',
      expected: 'a number from 0 to 1',
      received: describeValue(momentum),
    })
  }
  return {
    name: 'sgdw',
    hyperparameters: { learningRate, weightDecay },
    slots: momentum === 0 ? [] : ['velocity'],
    clipping,
    // `search`, because `test` remembers where a global pattern stopped.
    decays: (name) => !excludeFromWeightDecay.some((pattern) => name.search(pattern) >= 0),
    decay: ({ ops, weight, gradient, weightDecay: wd }) => ({
      weight: ops.subtract(weight, ops.multiply(wd, weight)),
      gradient,
    }),
    update: ({ ops, weight, gradient, slots, learningRate: lr }) => {
      const descent = ops.multiply(lr, gradient)
      if (momentum === 0) return { weight: ops.subtract(weight, descent), slots }
      const velocity = ops.subtract(ops.multiply(slots.velocity, momentum), descent)
      const step = nesterov ? ops.subtract(ops.multiply(velocity, momentum), descent) : velocity
      return { weight: ops.add(weight, step), slots: { velocity } }
    },
  }
}
