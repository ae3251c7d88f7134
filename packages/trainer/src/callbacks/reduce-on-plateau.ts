import {
  defineCallback,
  described,
  integer,
  isOptionsObject,
  numberFrom,
  numberIn,
  type OptionsOf,
  optional,
} from '@convzoo/core/define'
import { Best } from './best.js'
import { monitorOptions, requireMonitored } from './monitor.js'

/**
 * Multiplies the learning rate by a factor when an epoch has not been better than the best before it for `patience` epochs in a row, over
 * whatever schedule it has; then waits anew. Epochs without a validation count for nothing where one is watched. Checkpoints hold how long
 * it has waited and what is left of the rate: a run that goes on ends as one that never stopped, bit for bit.
 *
 * It is Keras' `ReduceLROnPlateau`, and PyTorch's with `threshold_mode='abs'` and a patience of one less.
 *
 * @throws ConvzooError of kind `option` for a bad option; in `fit` if a validation is watched and there is none.
 * @example
 * const callbacks = [reduceOnPlateau({ patience: 5, factor: 0.2 })]
 */
export const reduceOnPlateau = defineCallback({
  specification: 'callback/v1',
  name: 'reduceOnPlateau',
  title: 'lowers the learning rate when training gets no better',
  source: 'Keras, callbacks/reduce_lr_on_plateau.py; PyTorch, optim/lr_scheduler.py',
  options: {
    ...monitorOptions,
    factor: described('what the rate is multiplied by', optional(numberIn(0, 1), 0.1)),
    patience: described('epochs in a row that may be no better', optional(integer(1), 10)),
    minimumDelta: described('how much better counts as better', optional(numberFrom(0), 0)),
    cooldown: described('epochs after a fall that do not count', optional(integer(0), 0)),
    minimumFactor: described("what is left of the schedule's rate at least", optional(numberIn(0, 1), 0)),
  },
  create({ monitor, better, factor, patience, minimumDelta, cooldown, minimumFactor }) {
    const best = new Best({ subject: 'reduceOnPlateau', monitor, better, minimumDelta })
    let cooling = 0
    return {
      onTrainBegin: (progress) => requireMonitored('reduceOnPlateau', monitor, progress),
      onEpoch(record, context) {
        if (best.add(record) === 'unknown') return
        if (cooling > 0) {
          cooling--
          best.waitAgain()
        }
        if (best.since < patience) return
        const { learningRateFactor: before } = context
        if (before > minimumFactor) context.scaleLearningRate(Math.max(before * factor, minimumFactor) / before)
        cooling = cooldown
        best.waitAgain()
      },
      state: () => ({ ...best.state, cooling }),
      restore(state) {
        const left: unknown = isOptionsObject(state) ? Reflect.get(state, 'cooling') : 0
        cooling = best.restore(state) && typeof left === 'number' ? left : 0
      },
    }
  },
})

export type ReduceOnPlateauOptions = OptionsOf<typeof reduceOnPlateau>
