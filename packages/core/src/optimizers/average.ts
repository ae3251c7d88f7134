import type { Ops, Value } from '../graph/ops.js'
import { type Schedule, valueAt } from './schedules/index.js'

/**
 * Keeps beside each trainable weight its exponential moving average, which often classifies better than the weight:
 *
 *     a ← d·a + (1 − d)·w       after the update and the constraint; at the first step a ← w
 *
 * Sources: Polyak and Juditsky, SIAM J. Control Optim. 1992; Keras' `use_ema`; PyTorch's `AveragedModel` with `get_ema_multi_avg_fn`.
 */
export interface WeightAverage {
  /** d, in [0, 1]: how much of the average a step keeps. */
  readonly decay: number | Schedule
}

/** The input under which functions that update weights take d. */
export const averageDecay = 'averageDecay'

/** d at a step, counted from 0: what an average holds before the first step does not matter. */
export function averageDecayAt({ decay }: WeightAverage, step: number): number {
  return step === 0 ? 0 : valueAt(decay, step)
}

/** The average after a step that gave `weight`. */
export function movedAverage(ops: Ops, average: Value, weight: Value, decay: Value): Value {
  return ops.add(ops.multiply(decay, average), ops.multiply(ops.subtract(1, decay), weight))
}
