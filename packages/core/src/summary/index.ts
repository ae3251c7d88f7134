export { type JsonSummary, renderJson } from './json.js'
export { renderKeras } from './keras.js'
export type { RenderOptions } from './options.js'
export { type Summary, type SummaryRow, type SummaryTotals, summarize } from './summary.js'
