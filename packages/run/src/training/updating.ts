import type { TrainerOptions } from '@convzoo/trainer'
import { given } from '../config/given.js'
import type { Job } from './job.js'

/** What a trainer of a run updates, by what, and how it keeps that: whoever tries the run does the same. */
export function updatingOf({ model, engine, optimizer, loss, plan }: Job) {
  const { training, checkpoints } = plan.settings
  const { seed, average, microBatchSize, readEvery, parameterGroups, classWeights, gradientNorm } = training
  return {
    ...{ model, engine, optimizer, loss, seed, storage: checkpoints.storage },
    ...given({
      classes: plan.classNames,
      average,
      microBatchSize,
      readEvery,
      parameterGroups,
      classWeights,
      gradientNorm,
    }),
  } satisfies TrainerOptions
}
