import type { Ops } from '../graph/ops.js'
import { opsKind } from '../graph/ops.js'
import type { Value } from '../graph/value.js'
import { valueKind } from '../graph/value.js'
import {
  defineOptions,
  described,
  invalid,
  jsonSchemaOf,
  type Option,
  requireArguments,
  required,
  written,
} from '../options/index.js'
import { type Schedule, scheduled, scheduledAt, scheduleSchema } from './schedules/index.js'

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

const parts = defineOptions({
  decay: described(
    'how much of the average a step keeps',
    written(
      { anyOf: [{ type: 'number', minimum: 0, maximum: 1 }, scheduleSchema] },
      required<number | Schedule, number | Schedule>('a number from 0 to 1, or a schedule', (value, subject) =>
        typeof value === 'number' && !(value >= 0 && value <= 1) ? invalid : scheduled.parse(value, subject),
      ),
    ),
  ),
})

/** How averages are kept; errors name what is not allowed. */
export const averageOption: Option<WeightAverage, WeightAverage> = written(
  jsonSchemaOf(parts.kinds),
  required('how averages are kept, such as { decay: 0.999 }', (given, subject) =>
    typeof given === 'object' && given !== null ? parts.parse(subject, given as WeightAverage) : invalid,
  ),
)

/** The input under which functions that update weights take d. */
export const averageDecay = 'averageDecay'

/** d at a step, counted from 0: what an average holds before the first step does not matter. */
export function averageDecayAt({ decay }: WeightAverage, step: number): number {
  return step === 0 ? 0 : scheduledAt(decay, step)
}

/** The average after a step that gave `weight`. */
export function movedAverage(ops: Ops, average: Value, weight: Value, decay: Value): Value {
  requireArguments('movedAverage', {
    ops: [opsKind, ops],
    average: [valueKind, average],
    weight: [valueKind, weight],
    decay: [valueKind, decay],
  })
  return ops.add(ops.multiply(decay, average), ops.multiply(ops.subtract(1, decay), weight))
}
