import type { Scored } from './running-score.js'

/** A scored batch without some of its rows: those whose image could not be read. */
export function withoutRows(scored: Scored, skipped: readonly number[] | undefined): Scored {
  if (skipped === undefined || skipped.length === 0) return scored
  const left = new Set(skipped)
  const rows = Array.from(scored.losses).flatMap((_, row) => (left.has(row) ? [] : [row]))
  const kept = (values: ArrayLike<number>): number[] => {
    const width = values.length / scored.losses.length
    return rows.flatMap((row) =>
      Array.from({ length: width }, (_, column) => values[row * width + column] ?? Number.NaN),
    )
  }
  return { losses: kept(scored.losses), probabilities: kept(scored.probabilities), targets: kept(scored.targets) }
}
