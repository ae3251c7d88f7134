import { described, type OptionsOf } from '../options/index.js'
import { decoupledDecay } from './decay.js'
import { defineOptimizer } from './define-optimizer.js'
import { kerasMomentum } from './keras-momentum.js'
import { momentumOptions } from './momentum-options.js'
import { scheduled } from './schedules/index.js'

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
 * The learning rate is 0.001 by default, as in tensorflow_addons.
 *
 * Sources: Loshchilov and Hutter, "Decoupled weight decay regularization", ICLR 2019; tensorflow_addons,
 * `weight_decay_optimizers.py`.
 *
 * @throws ConvzooError of kind `option` for a bad option.
 * @example
 * const optimizer = sgdw({ weightDecay: 5e-4, momentum: 0.9 })
 */
export const sgdw = defineOptimizer({
  specification: 'optimizer/v1',
  name: 'sgdw',
  title: 'stochastic gradient descent with decoupled weight decay, as tensorflow_addons',
  source: 'Loshchilov and Hutter, "Decoupled weight decay regularization", ICLR 2019',
  learningRate: 0.001,
  options: {
    /** Not multiplied by the learning rate. */
    weightDecay: described('fraction of each weight that is lost in a step', scheduled),
    ...momentumOptions,
  },
  rule: (options) => ({ ...kerasMomentum(options), decay: decoupledDecay }),
})

export type SgdwOptions = OptionsOf<typeof sgdw>
