import type { Summary, SummaryRow, SummaryTotals } from './summary.js'

/** A summary for programs. */
export interface JsonSummary {
  readonly name: string
  readonly layers: readonly Omit<SummaryRow, 'keras'>[]
  readonly totals: SummaryTotals
}

/** A summary as `{ name, layers, totals }`. */
export function renderJson({ name, layers, totals }: Summary): JsonSummary {
  return { name, layers: layers.map(({ keras: _, ...row }) => row), totals }
}
