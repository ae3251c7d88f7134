import type { NamedTensor, TrainingContext } from '@convzoo/core'
import { boolean, defineCallback, described, integer, numberFrom, type OptionsOf, optional } from '@convzoo/core/define'
import { Best } from './best.js'
import { monitorOptions, requireMonitored } from './monitor.js'

/**
 * Ends training when an epoch has not been better than the best before it for `patience` epochs in a row. An epoch without a validation
 * counts for nothing where one is watched. Checkpoints hold how long it has waited, and with `restoreBest` the weights of the best
 * epoch: a run that goes on stops where one that never stopped does. With more patience, a run that has stopped goes on.
 *
 * Source: Prechelt, "Early stopping – but when?", 1998; Keras' `EarlyStopping`.
 *
 * @throws ConvzooError of kind `option` for a bad option; in `fit` if a validation is watched and there is none.
 * @example
 * const callbacks = [earlyStopping({ monitor: 'validation.loss', patience: 5, restoreBest: true })]
 * const { stopped } = await trainer.fit(dataset, { epochs: 100, batchSize: 32, validation })
 */
export const earlyStopping = defineCallback({
  specification: 'callback/v1',
  name: 'earlyStopping',
  title: 'ends training when it gets no better',
  source: 'Prechelt, "Early stopping – but when?", 1998',
  options: {
    ...monitorOptions,
    patience: described('epochs in a row that may be no better', integer(1)),
    minimumDelta: described('how much better counts as better', optional(numberFrom(0), 0)),
    restoreBest: described('whether the weights of the best epoch are put back in the end', optional(boolean, false)),
  },
  create({ monitor, better, patience, minimumDelta, restoreBest }) {
    const best = new Best({ subject: 'earlyStopping', monitor, better, minimumDelta })
    let kept: readonly NamedTensor[] = []
    const stopIfDue = ({ stop }: TrainingContext): void => {
      const { value, epoch, since } = best
      if (since < patience || value === undefined) return
      stop(
        `${monitor} has not been ${best.better} than ${Number(value.toPrecision(4))}, of epoch ${epoch + 1}, for ${since} epochs`,
      )
    }
    return {
      onTrainBegin(progress, context) {
        requireMonitored('earlyStopping', monitor, progress)
        stopIfDue(context)
      },
      async onEpoch(record, context) {
        if (best.add(record) === 'better' && restoreBest) kept = await weightsOf(context)
        stopIfDue(context)
      },
      async onTrainEnd({ ending, writeState }) {
        if (kept.length > 0 && (ending === 'finished' || ending === 'stopped')) await writeState(kept)
      },
      state: () => best.state,
      tensors: () => kept,
      restore(state, tensors) {
        kept = restoreBest ? tensors : []
        // Without the weights of the best epoch, they could not be put back.
        best.restore(restoreBest && tensors.length === 0 ? undefined : state)
      },
    }
  },
})

export type EarlyStoppingOptions = OptionsOf<typeof earlyStopping>

/** All that a prediction can depend on, averages included. */
async function weightsOf({ state, readState }: TrainingContext): Promise<readonly NamedTensor[]> {
  const names = state
    .filter(({ role }) => role === 'weight' || role === 'statistic' || role === 'average')
    .map(({ name }) => name)
  const tensors: NamedTensor[] = []
  for await (const tensor of readState(names)) tensors.push(tensor)
  return tensors
}
