import { splitNames } from '@convzoo/core/define'

/** What may be evaluated of a source. */
export const evaluatedSplits = [...splitNames, 'all'] as const
export type EvaluatedSplit = (typeof evaluatedSplits)[number]
