import { boolean, defineOptions, optional } from '../options/index.js'
import { checkedRule } from './checked-rule.js'
import { decoupledDecay } from './decay.js'
import { kerasMomentum } from './keras-momentum.js'
import type { Optimizer } from './optimizer.js'
import { type CommonOptimizerOptions, commonOptimizerOptions, commonPart, fraction } from './options.js'
import { type Schedule, scheduled } from './schedules/index.js'

/** The learning rate is 0.001 by default, as in tensorflow_addons. */
export interface SgdwOptions extends CommonOptimizerOptions {
  /** Part of each weight that is lost in a step; not multiplied by the learning rate. */
  readonly weightDecay: number | Schedule
  /** From 0 to 1; 0 by default. */
  readonly momentum?: number
  readonly nesterov?: boolean
}

const options = defineOptions({
  ...commonOptimizerOptions(0.001),
  weightDecay: scheduled,
  momentum: optional(fraction, 0),
  nesterov: optional(boolean, false),
})

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
 * @throws ConvzooError of kind `option` for a bad option.
 * @example
 * const optimizer = sgdw({ weightDecay: 5e-4, momentum: 0.9 })
 */
export function sgdw(given: SgdwOptions): Optimizer<'velocity', never> {
  const parsed = options.parse('sgdw', given)
  return checkedRule({ ...commonPart('sgdw', parsed), ...kerasMomentum(parsed), decay: decoupledDecay })
}
