import { ConvzooError, describeValue, meantBy } from '../../errors/index.js'
import {
  fieldsOf,
  invalid,
  isOptionsObject,
  type JsonSchema,
  numberFrom,
  type Option,
  requireArguments,
  required,
  within,
  written,
} from '../../options/index.js'
import type { ConstantSchedule } from './constant.js'
import type { CosineSchedule } from './cosine.js'
import type { ScheduleData } from './definition.js'
import type { ExponentialSchedule } from './exponential.js'
import type { OneCycleSchedule } from './one-cycle.js'
import type { PiecewiseSchedule } from './piecewise.js'
import type { PolynomialSchedule } from './polynomial.js'
import type { StepDecaySchedule } from './step-decay.js'
import { scheduleDefinitions, scheduleNamed, unknownSchedule } from './table.js'

/** Rises in equal parts over `steps` steps to what `schedule` gives, which starts afterwards. */
export interface WarmUpSchedule {
  readonly type: 'warmUp'
  readonly steps: number
  readonly schedule: number | Schedule
}

/** A hyperparameter as a function of the step, counted from 0. Plain data, so that a run can write it down. */
export type Schedule =
  | ConstantSchedule
  | StepDecaySchedule
  | PiecewiseSchedule
  | ExponentialSchedule
  | PolynomialSchedule
  | CosineSchedule
  | OneCycleSchedule
  | WarmUpSchedule
  /** Of a plugin. */
  | ScheduleData

/** What a hyperparameter is at a step, counted from 0. */
export function valueAt(schedule: number | Schedule, at: number): number {
  requireArguments('valueAt', { schedule: [scheduled, schedule], at: [numberFrom(0), at] })
  return scheduledAt(schedule, at)
}

/** {@link valueAt} of what was checked when it was made. */
export function scheduledAt(schedule: number | Schedule, at: number): number {
  if (typeof schedule === 'number') return schedule
  const definition = scheduleNamed(schedule.type)
  if (definition === undefined) throw unknownSchedule(schedule.type)
  return definition.at({ ...schedule }, at)
}

/**
 * A schedule from data of unknown origin, such as a file: checked as its maker checks it. It knows every kind that was defined before.
 *
 * @throws ConvzooError of kind `option` if it is not a schedule, or one with a bad value.
 * @example
 * const schedule = parseSchedule(JSON.parse('{ "type": "cosine", "initial": 0.015, "steps": 1000 }'))
 */
export function parseSchedule(data: unknown): Schedule {
  const { type, ...options }: Readonly<Record<string, unknown>> = isOptionsObject(data) ? fieldsOf(data) : {}
  const definition = scheduleNamed(type)
  if (definition !== undefined) return definition.make(options)
  throw new ConvzooError({
    kind: 'option',
    message: 'This is not a schedule.',
    expected: `an object whose type is one of ${Object.keys(scheduleDefinitions()).join(', ')}`,
    received: describeValue(data),
  })
}

/** How JSON writes a schedule, of whatever kind. */
export const scheduleSchema: JsonSchema = {
  type: 'object',
  properties: { type: { type: 'string', description: 'the name of a schedule; its options stand beside it' } },
  required: ['type'],
}

/** A number of at least 0, or a schedule; an error says which option of what it is. */
export const scheduled: Option<number | Schedule, number | Schedule> = written(
  { anyOf: [{ type: 'number', minimum: 0 }, scheduleSchema] },
  required(
    'a finite number of at least 0, or a schedule',
    (value, subject) => {
      if (typeof value === 'number') return Number.isFinite(value) && value >= 0 ? value : invalid
      if (typeof value !== 'object' || value === null) return invalid
      return within(subject, () => parseSchedule(value))
    },
    (value) =>
      typeof value === 'function' && meantBy(value) === undefined
        ? 'a schedule is data, such as cosine({ initial: 0.1, steps: 1000 })'
        : undefined,
  ),
)
