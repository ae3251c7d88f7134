import { described, type OptionsOf, optional } from '../options/index.js'
import { scaledDecay } from './decay.js'
import { defineOptimizer } from './define-optimizer.js'
import { kerasMomentum } from './keras-momentum.js'
import { momentumOptions } from './momentum-options.js'
import { scheduled } from './schedules/index.js'

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
 * The learning rate is 0.01 by default, as in Keras.
 *
 * Source: Keras, `optimizers/sgd.py`.
 *
 * @throws ConvzooError of kind `option` for a bad option.
 * @example
 * const optimizer = sgd({ learningRate: 0.05, momentum: 0.9, nesterov: true })
 */
export const sgd = defineOptimizer({
  specification: 'optimizer/v1',
  name: 'sgd',
  title: 'stochastic gradient descent, as Keras',
  source: 'Keras, optimizers/sgd.py',
  learningRate: 0.01,
  options: {
    /** Multiplied by the learning rate, as Keras does since 2.11; 0 by default. */
    weightDecay: described('fraction of each weight that is lost at a learning rate of 1', optional(scheduled, 0)),
    ...momentumOptions,
  },
  rule: (options) => ({ ...kerasMomentum(options), decay: scaledDecay }),
})

export type SgdOptions = OptionsOf<typeof sgd>
