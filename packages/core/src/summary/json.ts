import type { Cost, LayerCost } from '../cost/index.js'
import { requireArguments } from '../options/index.js'
import { type RenderOptions, renderOptions, summaryKind } from './options.js'
import type { Summary, SummaryRow, SummaryTotals } from './summary.js'

/** A summary for programs; what a cost adds is there if it was given. */
export interface JsonSummary {
  readonly name: string
  readonly layers: readonly (Omit<SummaryRow, 'keras'> & Partial<LayerCost>)[]
  readonly totals: SummaryTotals & Partial<Cost['totals']>
}

/** A summary as `{ name, layers, totals }`. */
export function renderJson(summary: Summary, options: RenderOptions = {}): JsonSummary {
  requireArguments('renderJson', { summary: [summaryKind, summary] })
  const { name, layers, totals } = summary
  const { cost } = renderOptions.parse('renderJson', options)
  const costs = new Map(cost?.layers.map((layer) => [layer.name, layer]))
  return {
    name,
    layers: layers.map(({ keras: _, ...row }) => ({ ...row, ...costs.get(row.name) })),
    totals: { ...totals, ...cost?.totals },
  }
}
