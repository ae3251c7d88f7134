import type { Ops } from '../graph/ops.js'
import { opsKind } from '../graph/ops.js'
import type { Value } from '../graph/value.js'
import { valueKind } from '../graph/value.js'
import {
  defineOptions,
  described,
  integer,
  invalid,
  jsonSchemaOf,
  type Option,
  optional,
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
 * Or, by `from` and `every`, their equal mean, which is stochastic weight averaging: of the weights after `from` steps, after
 * `from + every`, and so on. Until then a ← w.
 *
 * Sources: Polyak and Juditsky, SIAM J. Control Optim. 1992; Izmailov et al., UAI 2018; Keras' `use_ema`; PyTorch's `AveragedModel`.
 */
export interface WeightAverage {
  /** d, in [0, 1]: how much of the average a step keeps. */
  readonly decay?: number | Schedule | undefined
  /** Steps after which an equal mean begins, in place of a decay. */
  readonly from?: number | undefined
  /** Steps from one of its weights to the next; 1 by default. */
  readonly every?: number | undefined
}

const parts = defineOptions({
  decay: described(
    'how much of the average a step keeps',
    written(
      { anyOf: [{ type: 'number', minimum: 0, maximum: 1 }, scheduleSchema] },
      optional(
        required<number | Schedule, number | Schedule>('a number from 0 to 1, or a schedule', (value, subject) =>
          typeof value === 'number' && !(value >= 0 && value <= 1) ? invalid : scheduled.parse(value, subject),
        ),
      ),
    ),
  ),
  from: described('steps after which an equal mean begins, in place of a decay', optional(integer(1))),
  every: described('steps from one of its weights to the next (1)', optional(integer(1))),
})

/** How averages are kept; errors name what is not allowed. */
export const averageOption: Option<WeightAverage, WeightAverage> = written(
  jsonSchemaOf(parts.kinds),
  required('how averages are kept: { decay: 0.999 }, or { from: 1000, every: 100 }', (given, subject) => {
    if (typeof given !== 'object' || given === null) return invalid
    const { decay, from, every } = parts.parse(subject, given)
    if (decay !== undefined) return from === undefined && every === undefined ? { decay } : invalid
    return from === undefined ? invalid : { from, every: every ?? 1 }
  }),
)

/** The input under which functions that update weights take d. */
export const averageDecay = 'averageDecay'

/** d at a step, counted from 0: what an average holds before the first step does not matter. */
export function averageDecayAt({ decay, from = 1, every = 1 }: WeightAverage, step: number): number {
  if (decay !== undefined) return step === 0 ? 0 : scheduledAt(decay, step)
  const since = step + 1 - from
  if (since < 0) return 0
  const averaged = since / every
  return since % every === 0 ? averaged / (averaged + 1) : 1
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
