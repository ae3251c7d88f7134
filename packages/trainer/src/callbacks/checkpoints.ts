import { type Callback, defineOptions, functionOf, integer, matching, optional } from '@convzoo/core'
import type { RunFolder } from '../run/index.js'
import type { Trainer } from '../trainer.js'

export interface CheckpointsOptions {
  /** Where they are written; as a function where it is made after the trainer. While that gives nothing, none are written. */
  readonly folder: Folder | (() => Folder | undefined)
  /** Whose they are. A function, since a trainer gets its callbacks when it is made. */
  readonly trainer: () => Trainer
  /** Steps from one to the next, counted from the start of the run; by default steps are not counted. */
  readonly everySteps?: number | undefined
  /** Minutes after the last one; 10 by default, `Infinity` for none by the clock. */
  readonly everyMinutes?: number | undefined
  /** Milliseconds since whenever; those of the machine by default. */
  readonly clock?: (() => number) | undefined
}

type Folder = Pick<RunFolder, 'writeCheckpoint'>

const isFolder = (value: unknown): value is Folder =>
  typeof value === 'object' && value !== null && typeof Reflect.get(value, 'writeCheckpoint') === 'function'

const checkpointsOptions = defineOptions({
  folder: matching(
    'a run folder, or a function that gives one',
    (value): value is CheckpointsOptions['folder'] => typeof value === 'function' || isFolder(value),
  ),
  trainer: functionOf<() => Trainer>(),
  everySteps: optional(integer(1)),
  everyMinutes: optional(
    matching('a number above 0', (value): value is number => typeof value === 'number' && value > 0),
    10,
  ),
  clock: optional(functionOf<() => number>(), () => performance.now()),
})

const millisecondsPerMinute = 60_000

/**
 * Writes checkpoints to the folder of a run: after every epoch, after so many minutes, and, where it is asked for, after so many steps. Put
 * it behind the callback that records steps and epochs.
 *
 * @throws ConvzooError of kind `option` for an unknown name or a bad value.
 * @example
 * const trainer: Trainer = new Trainer({ model, engine, optimizer, callbacks: [checkpoints({ folder, trainer: () => trainer })] })
 */
export function checkpoints(options: CheckpointsOptions): Callback {
  const { folder, trainer, everySteps, everyMinutes, clock } = checkpointsOptions.parse('checkpoints', options)
  let last = clock()
  let samplesPerEpoch = 0
  const write = async (): Promise<void> => {
    const to = typeof folder === 'function' ? folder() : folder
    if (to === undefined) return
    await to.writeCheckpoint(trainer())
    last = clock()
  }
  return {
    onTrainBegin(progress) {
      samplesPerEpoch = progress.samplesPerEpoch
      last = clock()
    },
    async onStep() {
      const { step, sample } = trainer().position
      // After the last step of an epoch comes the checkpoint of the epoch itself.
      if (sample >= samplesPerEpoch) return
      const isDue = clock() - last >= everyMinutes * millisecondsPerMinute
      if (isDue || (everySteps !== undefined && step % everySteps === 0)) await write()
    },
    onEpoch: write,
  }
}
