import type { Callback } from '@convzoo/core'
import { checkpoints, progress, type RunFolder, recorder, Trainer, waitMeter } from '@convzoo/trainer'
import { given } from '../config/given.js'
import type { Told } from '../listener.js'
import { identityOf, type Job } from './job.js'
import type { Pictures } from './pictures.js'
import type { Requests } from './requests.js'
import { updatingOf } from './updating.js'

export interface TrainerParts {
  readonly job: Job
  readonly told: Told
  readonly pictures: Pictures
  readonly requests: Requests
  /** Where the run goes, once there is a folder. */
  readonly folder: () => RunFolder | undefined
  /** The caller's own, after those of the run. */
  readonly callbacks: readonly Callback[]
}

/** The trainer of a run, which records, keeps checkpoints and draws. */
export function makeTrainer({ job, told, pictures, requests, folder, callbacks }: TrainerParts): Trainer {
  const { everySteps, everyMinutes, keep, monitor } = job.plan.settings.checkpoints
  return new Trainer({
    ...updatingOf(job),
    identity: identityOf(job),
    folder: () => folder()?.path,
    log: (line) => told.log(line),
    callbacks: [
      recorder({ write: (record) => folder()?.record(record) }),
      checkpoints({
        folder,
        keep,
        ...given({ everySteps, monitor, everyMinutes: everyMinutes === 0 ? Number.POSITIVE_INFINITY : everyMinutes }),
      }),
      requests.callback,
      {
        async onEpoch(_, { readState }) {
          await pictures.afterEpoch()
          const { model, engine } = job
          const names = model.weights.map(({ name }) => name)
          await pictures.filtersAfterEpoch({ model, engine, readWeights: () => readState(names) })
        },
      },
      waitMeter({ warn: (line) => told.warn(line), advice: waitAdvice(job) }),
      ...(told.training === undefined ? [] : [progress({ tell: told.training })]),
      ...job.callbacks,
      ...callbacks,
    ],
  })
}

/** Ends callbacks that have something to end, such as a page that shows how the run ended: when all is recorded. */
export async function disposeCallbacks(callbacks: readonly (Callback & Partial<AsyncDisposable>)[]): Promise<void> {
  for (const callback of callbacks) await callback[Symbol.asyncDispose]?.()
}

const waitAdvice = ({ couldCache }: Job): string =>
  `${couldCache ? '--cache memory or disk, ' : ''}more --workers, fewer --threads, smaller image files, or less --augment`
