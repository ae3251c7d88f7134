import { boolean, defineOptions, optional } from '../options/index.js'
import { checkedRule } from './checked-rule.js'
import { scaledDecay } from './decay.js'
import { kerasMomentum } from './keras-momentum.js'
import type { Optimizer } from './optimizer.js'
import { type CommonOptimizerOptions, commonOptimizerOptions, commonPart, fraction } from './options.js'
import { type Schedule, scheduled } from './schedules/index.js'

/** The learning rate is 0.01 by default, as in Keras. */
export interface SgdOptions extends CommonOptimizerOptions {
  /** Multiplied by the learning rate, as Keras does since 2.11; 0 by default. */
  readonly weightDecay?: number | Schedule
  /** From 0 to 1; 0 by default. */
  readonly momentum?: number
  readonly nesterov?: boolean
}

const options = defineOptions({
  ...commonOptimizerOptions(0.01),
  weightDecay: optional(scheduled, 0),
  momentum: optional(fraction, 0),
  nesterov: optional(boolean, false),
})

/**
 * Stochastic gradient descent, exactly as `keras.optimizers.SGD`:
 *
 *     w ← w − lr·wd·w
 *     v ← μ·v − lr·g
 *     w ← w + v                 nesterov: w ← w + μ·v − lr·g
 *     without momentum: w ← w − lr·g, and no v
 *
 * For the decay of AlexNet's paper, Caffe and PyTorch see `sgdL2`; for a decay without the learning rate see `sgdw`.
 *
 * Source: Keras, `optimizers/sgd.py`.
 *
 * @throws ConvzooError of kind `option` for a bad option.
 * @example
 * const optimizer = sgd({ learningRate: 0.05, momentum: 0.9, nesterov: true })
 */
export function sgd(given: SgdOptions = {}): Optimizer<'velocity', never> {
  const parsed = options.parse('sgd', given)
  return checkedRule({ ...commonPart('sgd', parsed), ...kerasMomentum(parsed), decay: scaledDecay })
}
