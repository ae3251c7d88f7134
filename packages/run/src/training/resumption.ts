import { ConvzooError } from '@convzoo/core'
import { valueAt } from '@convzoo/core/define'
import type { Position, RunFolder } from '@convzoo/trainer'
import { changedSettings, writtenSettings } from '../config/changes.js'
import type { RunSettings } from '../config/config.js'
import { stepsOf } from './job.js'
import { learningRateOver } from './update.js'

/**
 * Refuses settings that were given anew for a run that has nothing left to do: they would be ignored.
 *
 * @throws ConvzooError of kind `option`.
 */
export function requireNothingNew(saved: RunSettings, settings: RunSettings): void {
  const changed = changedSettings(saved, settings)
  if (changed.length === 0) return
  throw new ConvzooError({
    kind: 'option',
    message: `The run is finished: its ${epochsOf(saved)} are done, and nothing is left that these options could change.`,
    expected: 'no other option than --epochs',
    received: writtenSettings(settings, changed),
    hint: `--epochs ${saved.training.epochs + 1} adds an epoch with them; leave them out to see how the run ended`,
  })
}

/** Where a run stands by its metrics: at the end of its last whole epoch. Nothing is changed by asking. */
export async function lastEpochOf({ metrics }: RunFolder): Promise<Pick<Position, 'epoch' | 'sample'>> {
  let epoch = 0
  for await (const record of metrics.read()) if (record.type === 'epoch') epoch = record.epoch + 1
  return { epoch, sample: 0 }
}

/**
 * Refuses fewer epochs than a run has begun.
 *
 * @throws ConvzooError of kind `option`.
 */
export function requireEpochsLeft(
  { epoch, sample }: Pick<Position, 'epoch' | 'sample'>,
  { training: { epochs } }: RunSettings,
): void {
  const least = epoch + (sample > 0 ? 1 : 0)
  if (epochs >= least) return
  throw new ConvzooError({
    kind: 'option',
    message: 'The run has been trained for longer than that.',
    expected: `--epochs ${least} or more`,
    received: `--epochs ${epochs}`,
    hint: 'leave --epochs out, or start a new run',
  })
}

/** What to say of a learning rate that is no longer what it was to be where the run goes on: nothing if it is. */
export function rateLines(
  saved: RunSettings,
  settings: RunSettings,
  { step }: Position,
  samples: number,
): readonly string[] {
  const rateOf = (given: RunSettings): number => valueAt(learningRateOver(given, stepsOf(given, samples)), step)
  const [before, now] = [rateOf(saved), rateOf(settings)]
  if (step === 0 || Math.abs(now - before) <= 1e-9 * Math.max(now, before)) return []
  const spread =
    settings.training.epochs === saved.training.epochs
      ? ''
      : `: ${settings.schedule.name} over ${epochsOf(settings)}, not ${epochsOf(saved)}`
  return [`The learning rate at step ${step} is ${short(now)}, where it was to be ${short(before)}${spread}.`]
}

const epochsOf = ({ training: { epochs } }: RunSettings): string => `${epochs} ${epochs === 1 ? 'epoch' : 'epochs'}`

const short = (rate: number): string => String(Number(rate.toPrecision(4)))
