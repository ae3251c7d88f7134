import { described, invalid, type Option, type OptionsInput, optional, required, written } from '../options/index.js'
import { isRegExp } from '../recognise/index.js'
import { type Clipping, clippingOption } from './clipping.js'
import type { Optimizer } from './optimizer.js'
import { type Schedule, scheduled } from './schedules/index.js'

/** A number from 0 to 1. */
export const fraction: Option<number, number> = written(
  { type: 'number', minimum: 0, maximum: 1 },
  required('a number from 0 to 1', (value) =>
    typeof value === 'number' && value >= 0 && value <= 1 ? value : invalid,
  ),
)

/** The pattern that a text is, or the pattern itself. */
function patternOf(given: unknown): RegExp | undefined {
  if (isRegExp(given)) return given
  if (typeof given !== 'string' || given === '') return undefined
  try {
    return new RegExp(given)
  } catch {
    return undefined
  }
}

/** Regular expressions, each as such or as the text of one. */
const patterns: Option<readonly (RegExp | string)[], readonly RegExp[]> = written(
  { type: 'array', items: { type: 'string', minLength: 1 } },
  required('a list of regular expressions', (value) => {
    if (!Array.isArray(value)) return invalid
    const found = value.map(patternOf)
    return found.every((pattern) => pattern !== undefined) ? found : invalid
  }),
)

/** What every optimizer takes besides its own options, with its own default learning rate. */
export const commonOptimizerOptions = (learningRate: number) => ({
  /** Its default is the optimizer's own. */
  learningRate: described('how far a step goes, a number or a schedule', optional(scheduled, learningRate)),
  /** Weights whose names match one of these do not decay; all decay by default, biases too. */
  excludeFromWeightDecay: described('weights whose names match one of these do not decay', optional(patterns, [])),
  /** None by default. */
  clipping: described('bounds on gradients', optional(clippingOption, {})),
})

export type CommonOptimizerOptions = OptionsInput<ReturnType<typeof commonOptimizerOptions>>

interface Parsed {
  readonly learningRate: number | Schedule
  readonly weightDecay: number | Schedule
  readonly excludeFromWeightDecay: readonly RegExp[]
  readonly clipping: Clipping
}

/** The part of an optimizer that follows from those options. */
export function commonPart(
  name: string,
  { learningRate, weightDecay, excludeFromWeightDecay, clipping }: Parsed,
): Pick<Optimizer, 'name' | 'hyperparameters' | 'clipping' | 'decays'> {
  return {
    name,
    hyperparameters: { learningRate, weightDecay },
    clipping,
    // `search`, because `test` remembers where a global pattern stopped.
    decays: (weight) => !excludeFromWeightDecay.some((pattern) => weight.search(pattern) >= 0),
  }
}
