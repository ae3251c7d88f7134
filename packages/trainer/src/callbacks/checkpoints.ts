import { type Callback, ConvzooError, describeValue, unusableOption } from '@convzoo/core'
import { requireWholeNumber } from '../options.js'
import type { RunFolder } from '../run/index.js'
import type { Trainer } from '../trainer.js'

export interface CheckpointsOptions {
  /** Where they are written; as a function where it is made after the trainer. While that gives nothing, none are written. */
  readonly folder: Pick<RunFolder, 'writeCheckpoint'> | (() => Pick<RunFolder, 'writeCheckpoint'> | undefined)
  /** Whose they are. A function, since a trainer gets its callbacks when it is made. */
  readonly trainer: () => Trainer
  /** Steps from one to the next, counted from the start of the run; by default steps are not counted. */
  readonly everySteps?: number
  /** Minutes after the last one; 10 by default, `Infinity` for none by the clock. */
  readonly everyMinutes?: number
  /** Milliseconds since whenever; those of the machine by default. */
  readonly clock?: () => number
}

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
  const { folder, trainer, everySteps, everyMinutes = 10, clock = () => performance.now(), ...unknown } = options
  requireNoOthers(unknown)
  if (everySteps !== undefined) requireWholeNumber('everySteps', everySteps, 1)
  if (typeof everyMinutes !== 'number' || !(everyMinutes > 0)) {
    throw unusableOption('"everyMinutes"', { expected: 'a number above 0', received: describeValue(everyMinutes) })
  }
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

function requireNoOthers(unknown: Readonly<Record<string, unknown>>): void {
  const [name] = Object.keys(unknown)
  if (name === undefined) return
  throw new ConvzooError({
    kind: 'option',
    message: `checkpoints has no option "${name}".`,
    expected: 'one of folder, trainer, everySteps, everyMinutes, clock',
    received: `${name}: ${describeValue(unknown[name])}`,
  })
}
