import type { PlainData, Position, Progress, TrainingContext } from '@convzoo/core'
import {
  defineCallback,
  described,
  functionOf,
  integer,
  matching,
  type OptionsOf,
  oneOf,
  optional,
} from '@convzoo/core/define'
import { stepOfName } from '../checkpoint/name.js'
import { Best } from './best.js'
import { monitorPath, requireMonitored } from './monitor.js'

/** What keeps checkpoints: the folder of a run. */
export interface CheckpointFolder {
  /** Of those that were written `keep` stay, the newest; how many otherwise is the folder's. */
  writeCheckpoint(
    of: Pick<TrainingContext, 'saveCheckpoint'>,
    options?: { readonly keep?: number | undefined },
  ): Promise<string>
  /** Keeps a checkpoint that was written as the best one; where it is missing, none is kept. */
  keepBest?(path: string): Promise<void>
  /** Paths of the checkpoints, the newest first. */
  checkpoints?(): Promise<readonly string[]>
}

const isFolder = (value: unknown): value is CheckpointFolder =>
  typeof value === 'object' && value !== null && typeof Reflect.get(value, 'writeCheckpoint') === 'function'

const millisecondsPerMinute = 60_000

/**
 * Writes checkpoints to the folder of a run: after every epoch, after so many minutes, and, where it is asked for, after so many steps. That
 * of the best epoch stays beside the newest. Put it behind the callback that records steps and epochs.
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
    keep: described('how many of the newest stay; by default as many as the folder keeps', optional(integer(2))),
    monitor: described(
      'by which recorded number the best epoch is found (validation.loss, or training.loss without a validation)',
      optional(monitorPath),
    ),
    better: described('lower or higher: which value is the better one', optional(oneOf('lower', 'higher'))),
    clock: described(
      'milliseconds since whenever; those of the machine by default',
      optional(functionOf<() => number>(), () => performance.now()),
    ),
  },
  create({ folder, everySteps, everyMinutes, keep, monitor, better, clock }) {
    let last = clock()
    let samplesPerEpoch = 0
    /** The step at which it looked last. */
    let heard = 0
    let best: Best | undefined
    let remembered: PlainData = null
    const bestOf = (progress: Progress): Best => {
      const usual = progress.validateEvery === undefined ? 'training.loss' : 'validation.loss'
      const found = new Best({ subject: 'checkpoints', monitor: monitor ?? usual, better })
      found.restore(best?.state ?? remembered)
      return found
    }
    const folderOf = (): CheckpointFolder | undefined => (typeof folder === 'function' ? folder() : folder)
    // A process that was killed may have written the best one, and not have kept it.
    const keepAgain = async ({ step }: Position): Promise<void> => {
      const to = folderOf()
      const path = (await to?.checkpoints?.())?.find((each) => stepOfName(each) === step)
      if (path !== undefined) await to?.keepBest?.(path)
    }
    const write = async (context: TrainingContext, isBest = false): Promise<void> => {
      const to = folderOf()
      if (to === undefined) return
      const path = await to.writeCheckpoint(context, { keep })
      if (isBest) await to.keepBest?.(path)
      last = clock()
    }
    return {
      async onTrainBegin(progress, { position }) {
        if (monitor !== undefined) requireMonitored('checkpoints', monitor, progress)
        samplesPerEpoch = progress.samplesPerEpoch
        heard = position.step
        best = bestOf(progress)
        if (best.value !== undefined && position.sample === 0 && position.epoch === best.epoch + 1)
          await keepAgain(position)
        last = clock()
      },
      async onStep(record, context) {
        const { step, sample } = context.position
        // Of steps that are heard of together the last one is that of the state.
        if (record.step + 1 < step) return
        const isPassed = everySteps !== undefined && Math.floor(step / everySteps) > Math.floor(heard / everySteps)
        heard = step
        // After the last step of an epoch comes the checkpoint of the epoch itself.
        if (sample >= samplesPerEpoch) return
        if (isPassed || clock() - last >= everyMinutes * millisecondsPerMinute) await write(context)
      },
      onEpoch: (record, context) => write(context, best?.add(record) === 'better'),
      state: () => best?.state ?? remembered,
      restore(state) {
        best = undefined
        remembered = state ?? null
      },
    }
  },
})

export type CheckpointsOptions = OptionsOf<typeof checkpoints>
