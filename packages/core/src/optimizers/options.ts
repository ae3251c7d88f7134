import { invalid, type Option, optional, required } from '../options/index.js'
import { isRegExp } from '../recognise/index.js'
import { type Clipping, clippingOption } from './clipping.js'
import type { Optimizer } from './optimizer.js'
import { type Schedule, scheduled } from './schedules/index.js'

/** What every optimizer takes besides its own options. */
export interface CommonOptimizerOptions {
  readonly learningRate?: number | Schedule
  /** Weights whose names match one of these do not decay; all decay by default, biases too. */
  readonly excludeFromWeightDecay?: readonly RegExp[]
  readonly clipping?: Clipping
}

/** A number from 0 to 1. */
export const fraction: Option<number, number> = required('a number from 0 to 1', (value) =>
  typeof value === 'number' && value >= 0 && value <= 1 ? value : invalid,
)

const patterns = required<readonly RegExp[], readonly RegExp[]>('a list of regular expressions', (value) =>
  Array.isArray(value) && value.every(isRegExp) ? value : invalid,
)

/** Those options as a schema, with the optimizer's own default learning rate. */
export const commonOptimizerOptions = (learningRate: number) => ({
  learningRate: optional(scheduled, learningRate),
  excludeFromWeightDecay: optional(patterns, []),
  clipping: optional(clippingOption, {}),
})

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
