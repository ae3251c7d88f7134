import { requireArguments } from '@convzoo/core/define'
import { countsKind } from './class-scores.js'

/** A class that is taken for another, by their places. */
export interface Confusion {
  readonly truth: number
  readonly predicted: number
  /** So many of its images. */
  readonly count: number
  /** And so large a part of them. */
  readonly part: number
}

/**
 * Which classes are taken for which: those of the most images first.
 *
 * @param confusion Counts: rows are true classes, columns predicted ones.
 * @throws ConvzooError of kind `option` for what is no such table.
 * @example
 * confusions([[8, 2], [1, 9]]) // [{ truth: 0, predicted: 1, count: 2, part: 0.2 }, …]
 */
export function confusions(confusion: readonly (readonly number[])[]): readonly Confusion[] {
  requireArguments('confusions', { confusion: [countsKind, confusion] })
  return confusion
    .flatMap((row, truth) => {
      const all = row.reduce((sum, count) => sum + count, 0)
      return row.flatMap((count, predicted) =>
        predicted === truth || count === 0 ? [] : [{ truth, predicted, count, part: count / all }],
      )
    })
    .sort((a, b) => b.count - a.count)
}
