import { matching, requireArguments } from '@convzoo/core/define'

/** How well a network does on one class. A fraction of nothing is 0. */
export interface ClassScore {
  /** That are of this class. */
  readonly samples: number
  /** Of those that were taken for this class, the part that is of it. */
  readonly precision: number
  /** Of those that are of this class, the part that was taken for it. */
  readonly recall: number
  /** The harmonic mean of both. */
  readonly f1: number
}

const fraction = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole)

/** A confusion matrix. */
export const countsKind = matching(
  'rows of counts, as many as each has numbers',
  (rows): rows is readonly (readonly number[])[] =>
    Array.isArray(rows) &&
    rows.every(
      (row) =>
        Array.isArray(row) &&
        row.length === rows.length &&
        row.every((count) => Number.isSafeInteger(count) && count >= 0),
    ),
)

/**
 * The scores of each class.
 *
 * @param confusion Counts: rows are true classes, columns predicted ones.
 * @throws ConvzooError of kind `option` for what is no such table.
 * @example
 * classScores([[8, 2], [1, 9]]) // [{ samples: 10, precision: 0.89, recall: 0.8, f1: 0.84 }, …]
 */
export function classScores(confusion: readonly (readonly number[])[]): readonly ClassScore[] {
  requireArguments('classScores', { confusion: [countsKind, confusion] })
  const taken = confusion.map((_, column) => confusion.reduce((sum, row) => sum + (row[column] ?? 0), 0))
  return confusion.map((row, index) => {
    const right = row[index] ?? 0
    const samples = row.reduce((sum, count) => sum + count, 0)
    const predicted = taken[index] ?? 0
    return {
      samples,
      precision: fraction(right, predicted),
      recall: fraction(right, samples),
      f1: fraction(2 * right, samples + predicted),
    }
  })
}

const meanOf = (values: readonly number[]): number =>
  fraction(
    values.reduce((sum, value) => sum + value, 0),
    values.length,
  )

/** The mean over the classes that there are samples of, or that samples were taken for. */
export function meanOverClasses(
  confusion: readonly (readonly number[])[],
  measure: Exclude<keyof ClassScore, 'samples'>,
): number {
  const occurs = (index: number): boolean =>
    confusion.some((row, truth) => (truth === index ? row.some((count) => count > 0) : (row[index] ?? 0) > 0))
  return meanOf(classScores(confusion).flatMap((score, index) => (occurs(index) ? [score[measure]] : [])))
}

/** The mean recall over the classes that there are samples of. */
export const balancedAccuracyOf = (confusion: readonly (readonly number[])[]): number =>
  meanOf(classScores(confusion).flatMap(({ samples, recall }) => (samples > 0 ? [recall] : [])))
