import { ConvzooError, describeValue, meantBy } from '../../errors/index.js'
import {
  defineOptions,
  fieldsOf,
  integer,
  invalid,
  isOptionsObject,
  numberFrom,
  type Option,
  requireArguments,
  required,
  within,
} from '../../options/index.js'
import { type ConstantSchedule, constant } from './constant.js'
import { type CosineSchedule, cosine, cosineAt } from './cosine.js'
import { type ExponentialSchedule, exponential, exponentialAt } from './exponential.js'
import { type PiecewiseSchedule, piecewise, piecewiseAt } from './piecewise.js'
import { type PolynomialSchedule, polynomial, polynomialAt } from './polynomial.js'
import { type StepDecaySchedule, stepDecay, stepDecayAt } from './step-decay.js'

/** Rises in equal parts over `steps` steps to what `schedule` gives, which starts afterwards. */
export interface WarmUpSchedule {
  readonly type: 'warmUp'
  readonly steps: number
  readonly schedule: number | Schedule
}

export type WarmUpOptions = Omit<WarmUpSchedule, 'type'>

/** A hyperparameter as a function of the step, counted from 0. Plain data, so that a run can write it down. */
export type Schedule =
  | ConstantSchedule
  | StepDecaySchedule
  | PiecewiseSchedule
  | ExponentialSchedule
  | PolynomialSchedule
  | CosineSchedule
  | WarmUpSchedule

/** What a hyperparameter is at a step, counted from 0. */
export function valueAt(schedule: number | Schedule, at: number): number {
  requireArguments('valueAt', { schedule: [scheduled, schedule], at: [numberFrom(0), at] })
  return scheduledAt(schedule, at)
}

/** {@link valueAt} of what was checked when it was made. */
export function scheduledAt(schedule: number | Schedule, at: number): number {
  if (typeof schedule === 'number') return schedule
  switch (schedule.type) {
    case 'constant':
      return schedule.value
    case 'stepDecay':
      return stepDecayAt(schedule, at)
    case 'piecewise':
      return piecewiseAt(schedule, at)
    case 'exponential':
      return exponentialAt(schedule, at)
    case 'polynomial':
      return polynomialAt(schedule, at)
    case 'cosine':
      return cosineAt(schedule, at)
    case 'warmUp':
      return at < schedule.steps
        ? (scheduledAt(schedule.schedule, 0) * (at + 1)) / (schedule.steps + 1)
        : scheduledAt(schedule.schedule, at - schedule.steps)
  }
}

/** Each checks what it is given. */
const makers: { readonly [Type in Schedule['type']]: (options: never) => Schedule } = {
  constant,
  stepDecay,
  piecewise,
  exponential,
  polynomial,
  cosine,
  warmUp,
}

function isKnown(type: unknown): type is Schedule['type'] {
  return typeof type === 'string' && Object.hasOwn(makers, type)
}

/**
 * A schedule from data of unknown origin, such as a file: checked as its maker checks it.
 *
 * @throws ConvzooError of kind `option` if it is not a schedule, or one with a bad value.
 * @example
 * const schedule = parseSchedule(JSON.parse('{ "type": "cosine", "initial": 0.015, "steps": 1000 }'))
 */
export function parseSchedule(data: unknown): Schedule {
  const { type, ...options }: Readonly<Record<string, unknown>> = isOptionsObject(data) ? fieldsOf(data) : {}
  if (isKnown(type)) return makers[type](options as never)
  throw new ConvzooError({
    kind: 'option',
    message: 'This is not a schedule.',
    expected: `an object whose type is one of ${Object.keys(makers).join(', ')}`,
    received: describeValue(data),
  })
}

/** A number of at least 0, or a schedule; an error says which option of what it is. */
export const scheduled: Option<number | Schedule, number | Schedule> = required(
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
)

const warmUpOptions = defineOptions({ steps: integer(1), schedule: scheduled })

/**
 * A linear rise before another schedule: step t < steps gives (t + 1) / (steps + 1) of what `schedule` starts with.
 *
 * @throws ConvzooError of kind `option` for a bad option.
 * @example
 * warmUp({ steps: 100, schedule: cosine({ initial: 0.02, steps: 900 }) })
 */
export function warmUp(given: WarmUpOptions): WarmUpSchedule {
  return { type: 'warmUp', ...warmUpOptions.parse('schedule warmUp', given) }
}
