import type { TrainingContext } from '@convzoo/core'
import {
  defineCallback,
  described,
  functionOf,
  integer,
  matching,
  type OptionsOf,
  optional,
} from '@convzoo/core/define'

/** What keeps checkpoints: the folder of a run. */
export interface CheckpointFolder {
  writeCheckpoint(of: Pick<TrainingContext, 'saveCheckpoint'>): Promise<string>
}

const isFolder = (value: unknown): value is CheckpointFolder =>
  typeof value === 'object' && value !== null && typeof Reflect.get(value, 'writeCheckpoint') === 'function'

const millisecondsPerMinute = 60_000

/**
 * Writes checkpoints to the folder of a run: after every epoch, after so many minutes, and, where it is asked for, after so many steps. Put
 * it behind the callback that records steps and epochs.
 *
 * @throws ConvzooError of kind `option` for an unknown name or a bad value.
 * @example
 * const trainer = new Trainer({ model, engine, optimizer, callbacks: [checkpoints({ folder })] })
 */
export const checkpoints = defineCallback({
  specification: 'callback/v1',
  name: 'checkpoints',
  title: 'writes checkpoints after epochs, minutes and steps',
  options: {
    folder: described(
      'where they are written; as a function where it is made after the trainer, and while that gives nothing, none are',
      matching(
        'a run folder, or a function that gives one',
        (value): value is CheckpointFolder | (() => CheckpointFolder | undefined) =>
          typeof value === 'function' || isFolder(value),
      ),
    ),
    everySteps: described(
      'steps from one to the next, counted from the start of the run; by default steps are not counted',
      optional(integer(1)),
    ),
    everyMinutes: described(
      'minutes after the last one, Infinity for none by the clock',
      optional(
        matching('a number above 0', (value): value is number => typeof value === 'number' && value > 0),
        10,
      ),
    ),
    clock: described(
      'milliseconds since whenever; those of the machine by default',
      optional(functionOf<() => number>(), () => performance.now()),
    ),
  },
  create({ folder, everySteps, everyMinutes, clock }) {
    let last = clock()
    let samplesPerEpoch = 0
    const write = async (context: TrainingContext): Promise<void> => {
      const to = typeof folder === 'function' ? folder() : folder
      if (to === undefined) return
      await to.writeCheckpoint(context)
      last = clock()
    }
    return {
      onTrainBegin(progress) {
        samplesPerEpoch = progress.samplesPerEpoch
        last = clock()
      },
      async onStep(_, context) {
        const { step, sample } = context.position
        // After the last step of an epoch comes the checkpoint of the epoch itself.
        if (sample >= samplesPerEpoch) return
        const isDue = clock() - last >= everyMinutes * millisecondsPerMinute
        if (isDue || (everySteps !== undefined && step % everySteps === 0)) await write(context)
      },
      onEpoch: (_, context) => write(context),
    }
  },
})

export type CheckpointsOptions = OptionsOf<typeof checkpoints>
