import { isOptionsObject, matching, requireArguments } from '@convzoo/core/define'
import type { RunConfig } from './config/config.js'
import type { DryRun } from './trials/dry-run.js'
import type { FindLearningRateOptions, FoundLearningRate } from './trials/find-learning-rate.js'
import type { TrialOptions } from './trials/options.js'
import type { RatePoint } from './trials/smoothed.js'

/**
 * Tries what a run does, a few steps of each kind, and says what the whole would take: time, memory and disk. Nothing is left of it.
 *
 * @returns Undefined where the signal stopped it.
 * @throws ConvzooError as {@link train} does: what cannot be trained is found here.
 * @example
 * const { seconds, memoryBytes, diskBytes } = await dryRun({ network: 'alexnet', data: 'flowers', training: { epochs: 90 } })
 */
export async function dryRun(config: RunConfig, options: TrialOptions = {}): Promise<DryRun | undefined> {
  const { parsedTrialOptions } = await import('./trials/options.js')
  const parsed = parsedTrialOptions('dryRun', options)
  const { tryRun } = await import('./trials/dry-run.js')
  return tryRun(config, parsed)
}

/**
 * The range test of learning rates: trains with a rate that grows with each step from the lowest to the highest, and looks at what becomes
 * of the loss. The schedule of the configuration is left out, all else is as it says. Nothing is left of it.
 *
 * Source: Smith, "Cyclical learning rates for training neural networks", 2017, §3.3.
 *
 * @returns The loss at each rate, and the rate at which it falls most steeply; undefined where the signal stopped it.
 * @throws ConvzooError of kind `option` for a bad option; otherwise as {@link train} does.
 * @example
 * const { suggestion } = await findLearningRate({ network: 'alexnet', data: 'flowers' })
 */
export async function findLearningRate(
  config: RunConfig,
  options: FindLearningRateOptions = {},
): Promise<FoundLearningRate | undefined> {
  const { parsedFindOptions } = await import('./trials/options.js')
  const parsed = parsedFindOptions(options)
  const { rangeTest } = await import('./trials/find-learning-rate.js')
  return rangeTest(config, parsed)
}

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value)

const isPoint = (value: unknown): value is RatePoint =>
  isOptionsObject(value) &&
  isNumber(Reflect.get(value, 'learningRate')) &&
  typeof Reflect.get(value, 'loss') === 'number' &&
  typeof Reflect.get(value, 'smoothed') === 'number'

const isRate = (value: unknown): boolean => value === undefined || (isNumber(value) && value > 0)

const foundRates = matching(
  'what findLearningRate gives',
  (given): given is FoundLearningRate =>
    isOptionsObject(given) &&
    Array.isArray(Reflect.get(given, 'points')) &&
    Reflect.get(given, 'points').every(isPoint) &&
    isRate(Reflect.get(given, 'suggestion')) &&
    isRate(Reflect.get(given, 'divergedAt')),
)

/**
 * The losses over the rates of a range test as SVG, with the rate that is suggested.
 *
 * @throws ConvzooError of kind `registry`, with what to install, where `@convzoo/visualize` is not there.
 * @example
 * await writeFile('learning-rate.svg', await learningRatesPicture(found))
 */
export async function learningRatesPicture(found: FoundLearningRate): Promise<string> {
  requireArguments('learningRatesPicture', { found: [foundRates, found] })
  const { pictureOf } = await import('./trials/picture.js')
  return pictureOf(found)
}
