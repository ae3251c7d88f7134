import type { Cost } from '../cost/index.js'
import { defineOptions, isOptionsObject, matching, type Option, optional } from '../options/index.js'
import type { Summary } from './summary.js'

/** A summary, as `summarize` gives it. */
export const summaryKind: Option<Summary, Summary> = matching(
  'what summarize(model) gives',
  (value): value is Summary =>
    isOptionsObject(value) &&
    'layers' in value &&
    Array.isArray(value.layers) &&
    'totals' in value &&
    'sequential' in value,
)

/** What goes into a rendered summary besides the summary. */
export interface RenderOptions {
  /** What `costOf` gives for the model; then its columns and totals are there, too. */
  readonly cost?: Cost | undefined
}

export const renderOptions = defineOptions({
  cost: optional(
    matching(
      'what costOf(model) gives',
      (value): value is Cost =>
        typeof value === 'object' &&
        value !== null &&
        'layers' in value &&
        Array.isArray(value.layers) &&
        'totals' in value,
    ),
  ),
})
