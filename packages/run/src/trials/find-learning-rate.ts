import { ConvzooError, exponential } from '@convzoo/core'
import type { RunConfig } from '../config/config.js'
import { given } from '../config/given.js'
import { installedDefinitions } from '../plugins/definitions.js'
import { disposeData } from '../source/run-data.js'
import { preparedJob, wholeSettings } from '../training/prepared-job.js'
import { startingWeights } from '../training/starting-weights.js'
import type { ParsedFindOptions } from './options.js'
import { type RatePoint, Smoothed, suggestedRate } from './smoothed.js'
import { trialTrainer } from './trial-trainer.js'

export type { FindLearningRateOptions } from './options.js'

/** What a range test has found. */
export interface FoundLearningRate {
  /** A point a step, from the lowest rate on. */
  readonly points: readonly RatePoint[]
  /** The rate at which the loss falls most steeply; undefined where it does not fall. */
  readonly suggestion: number | undefined
  /** The rate at which the loss had left the finite numbers, or four times its least; undefined where it never did. */
  readonly divergedAt: number | undefined
}

/** Undefined if it was stopped. */
export async function rangeTest(config: RunConfig, options: ParsedFindOptions): Promise<FoundLearningRate | undefined> {
  const { told, signal, lowest, highest, steps } = options
  const definitions = installedDefinitions()
  const whole = await wholeSettings(config, options.recipe, definitions)
  // A float32 engine computes the rate anew each step: the whole range is one fall, upwards.
  const learningRate = exponential({ initial: lowest, gamma: highest / lowest, steps: steps - 1 })
  const settings = {
    ...whole,
    optimizer: { ...whole.optimizer, learningRate },
    schedule: { name: 'constant', warmUp: 0 },
  }
  const from = await startingWeights(settings)
  const job = await preparedJob(settings, definitions, { told, signal })
  if (job === undefined) return undefined
  const smoothed = new Smoothed()
  const tell = told.progress('learning rates')
  const trainer = trialTrainer(
    job,
    (line) => told.log(line),
    (record, { stop }) => {
      // Steps whose losses are read together may go on beyond the end.
      if (record.step >= steps || smoothed.hasDiverged) return
      smoothed.add(record)
      tell(record.step + 1, steps)
      if (record.step + 1 >= steps || smoothed.hasDiverged) stop('the range of rates is done')
    },
  )
  try {
    await from?.(trainer, job.model, told)
    const { batchSize, sampling } = settings.training
    const epochs = Math.ceil(steps / Math.ceil(job.training.length / batchSize))
    const hasFailed = await trainer.fit(job.training, { epochs, batchSize, sampling, ...given({ signal }) }).then(
      () => false,
      (error: unknown) => {
        if (ConvzooError.isInstance(error) && error.kind === 'numeric') return true
        throw error
      },
    )
    tell(steps, steps)
    if (signal?.aborted === true) return undefined
    const { points } = smoothed
    const next = lowest * (highest / lowest) ** (points.length / (steps - 1))
    const divergedAt = hasFailed ? next : smoothed.hasDiverged ? points.at(-1)?.learningRate : undefined
    return { points, suggestion: suggestedRate(points), divergedAt }
  } catch (error) {
    if (signal?.aborted === true && error === signal.reason) return undefined
    throw error
  } finally {
    await trainer.dispose()
    await disposeData(job)
  }
}
