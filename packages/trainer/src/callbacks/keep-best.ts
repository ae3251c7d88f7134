import { defineCallback, described, type OptionsOf } from '@convzoo/core/define'
import { pathOption } from '@convzoo/files/pure'
import { Best } from './best.js'
import { monitorOptions, requireMonitored } from './monitor.js'

/**
 * Writes a checkpoint whenever an epoch is better than all before it: the file always holds the best one.
 *
 * @throws ConvzooError of kind `option` for a bad option; in `fit` if a validation is watched and there is none, of kind `file` if the
 * file cannot be written.
 * @example
 * const callbacks = [keepBest({ monitor: 'validation.top1', path: 'best.safetensors' })]
 */
export const keepBest = defineCallback({
  specification: 'callback/v1',
  name: 'keepBest',
  title: 'writes a checkpoint of the best epoch',
  options: {
    ...monitorOptions,
    path: described('where the checkpoint is written', pathOption),
  },
  create({ monitor, better, path }) {
    const best = new Best({ subject: 'keepBest', monitor, better })
    return {
      onTrainBegin: (progress) => requireMonitored('keepBest', monitor, progress),
      async onEpoch(record, { saveCheckpoint }) {
        if (best.add(record) === 'better') await saveCheckpoint(path)
      },
      state: () => best.state,
      restore: (state) => void best.restore(state),
    }
  },
})

export type KeepBestOptions = OptionsOf<typeof keepBest>
