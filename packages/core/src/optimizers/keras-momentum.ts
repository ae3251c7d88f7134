import type { OptimizerRule } from './define-optimizer.js'

export interface Momentum {
  readonly momentum: number
  readonly nesterov: boolean
}

/**
 * Momentum whose velocity holds the learning rate, as TensorFlow's `ResourceApplyKerasMomentum` and Caffe have it:
 *
 *     v ← μ·v − lr·g
 *     w ← w + v                 nesterov: w ← w + μ·v − lr·g
 *     without momentum: w ← w − lr·g, and no v
 */
export function kerasMomentum({ momentum, nesterov }: Momentum): Pick<OptimizerRule<'velocity'>, 'slots' | 'update'> {
  return {
    slots: { velocity: momentum === 0 ? undefined : 'zeros' },
    update: ({ ops, weight, gradient, slots, learningRate: lr }) => {
      const descent = ops.multiply(lr, gradient)
      if (momentum === 0) return { weight: ops.subtract(weight, descent), slots }
      const velocity = ops.subtract(ops.multiply(slots.velocity, momentum), descent)
      const step = nesterov ? ops.subtract(ops.multiply(velocity, momentum), descent) : velocity
      return { weight: ops.add(weight, step), slots: { velocity } }
    },
  }
}
