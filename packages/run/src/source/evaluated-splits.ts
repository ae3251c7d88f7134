import { splitNames } from '@convzoo/core'

/** What may be evaluated of a source. */
export const evaluatedSplits = [...splitNames, 'all'] as const
export type EvaluatedSplit = (typeof evaluatedSplits)[number]
