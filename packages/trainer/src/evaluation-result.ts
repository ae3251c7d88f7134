import type { Score } from '@convzoo/core'
import type { ClassScore, Mistake } from './metrics/index.js'

/** How well a model does on a dataset. */
export interface Evaluation extends Score {
  /** Counts: rows are true classes, columns predicted ones, in the model's order of classes. */
  readonly confusion: number[][]
  /** What follows from them for each class. */
  readonly byClass: readonly ClassScore[]
  /** Where they were asked for: the mistakes of the highest losses, the worst first. */
  readonly mistakes?: readonly Mistake[]
}
