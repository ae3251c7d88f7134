import type { EpochRecord, StepRecord } from '@convzoo/core'
import { defineCallback, described, functionOf, type OptionsOf } from '@convzoo/core/define'

/**
 * Hands over the record of each step and each epoch, in their order; training waits for it.
 *
 * @throws ConvzooError of kind `option` for a bad option.
 * @example
 * const callbacks = [recorder({ write: (record) => folder.record(record) })]
 */
export const recorder = defineCallback({
  specification: 'callback/v1',
  name: 'recorder',
  title: 'hands over what each step and each epoch gave',
  options: {
    write: described(
      'gets each record, as plain data',
      functionOf<(record: StepRecord | EpochRecord) => void | Promise<void>>(),
    ),
  },
  create: ({ write }) => ({
    onStep: (record) => write(record),
    onEpoch: (record) => write(record),
  }),
})

export type RecorderOptions = OptionsOf<typeof recorder>
