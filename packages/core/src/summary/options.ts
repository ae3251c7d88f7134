import type { Cost } from '../cost/index.js'
import { defineOptions, matching, optional } from '../options/index.js'

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
