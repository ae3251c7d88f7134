import type { RunEvaluation } from '../opened/evaluate.js'

/** A class that is taken for another. */
export interface ConfusedClasses {
  readonly truth: string
  readonly predicted: string
  /** So many of its images. */
  readonly count: number
  /** And so large a part of them. */
  readonly part: number
}

/** Which classes are taken for which: those of the most images first. */
export function confusedClasses(
  { confusion, classes }: Pick<RunEvaluation, 'confusion' | 'classes'>,
  most: number,
): readonly ConfusedClasses[] {
  const nameOf = (label: number): string => classes[label] ?? String(label)
  return confusion
    .flatMap((row, truth) => {
      const all = row.reduce((sum, count) => sum + count, 0)
      return row.flatMap((count, predicted) =>
        predicted === truth || count === 0
          ? []
          : [{ truth: nameOf(truth), predicted: nameOf(predicted), count, part: count / all }],
      )
    })
    .sort((a, b) => b.count - a.count || b.part - a.part)
    .slice(0, most)
}
