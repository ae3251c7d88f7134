import { defineOptions, integer, oneOf, optional, text } from '@convzoo/core/define'
import { type EvaluatedSplit, evaluatedSplits } from '../source/evaluated-splits.js'

/** Which images a network is diagnosed with, and how many. */
export interface RunDiagnoseOptions {
  /** Another source than the run's, whose classes are some of the network's, by name. */
  readonly data?: string | undefined
  /** The test split where there is one, by default, or else the validation split; of another source without splits all. */
  readonly split?: EvaluatedSplit | undefined
  /** Only the first so many images of a split. */
  readonly limit?: number | undefined
  /** Of them, so many are looked at inside, evenly spread; 500 by default. */
  readonly samples?: number | undefined
  /** So many of the worst mistakes are shown; 8 by default. */
  readonly mistakes?: number | undefined
}

export const runDiagnoseOptions = defineOptions({
  data: optional(text),
  split: optional(oneOf(...evaluatedSplits)),
  limit: optional(integer(1)),
  samples: optional(integer(1), 500),
  mistakes: optional(integer(1), 8),
})

export type ParsedRunDiagnoseOptions = ReturnType<typeof runDiagnoseOptions.parse>
