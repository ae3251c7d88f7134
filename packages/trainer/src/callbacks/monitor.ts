import { ConvzooError, type EpochRecord, type Progress } from '@convzoo/core'
import {
  described,
  invalid,
  isOptionsObject,
  nearestNames,
  oneOf,
  optional,
  required,
  written,
} from '@convzoo/core/define'

/** The path of a number in the record of an epoch: `validation.loss`, `training.top1`, or what else is recorded. */
export type Monitor = string

/** Which of two values of a monitor is the better one. */
export type Better = 'lower' | 'higher'

/** A path of names, parted by dots. */
export const monitorPath = written(
  { type: 'string', minLength: 1 },
  required<string, string>(
    'the path of a number that epochs record, such as validation.loss or training.top1',
    (value) =>
      typeof value === 'string' &&
      /^(seconds|(training|validation|validationOf\.(current|average))(\.[^.\s]+)+)$/.test(value)
        ? value
        : invalid,
  ),
)

/** The options of what watches a value. */
export const monitorOptions = {
  monitor: described('what is watched: a number that epochs record', optional(monitorPath, 'validation.loss')),
  better: described(
    'lower or higher: which value is the better one (lower of a loss or an error, higher of others)',
    optional(oneOf('lower', 'higher')),
  ),
}

/** What is better where nothing is said: less of a loss, an error or time, and more of whatever else. */
export const betterOf = (monitor: Monitor): Better => (/(loss|error|seconds)$/i.test(monitor) ? 'lower' : 'higher')

const isOfValidation = (monitor: Monitor): boolean => monitor.startsWith('validation')

/**
 * What an epoch gave of it; undefined after an epoch without a validation, where one is watched.
 *
 * @throws ConvzooError of kind `option` if epochs record no such number: it names those that they do.
 */
export function monitored(subject: string, monitor: Monitor, record: EpochRecord): number | undefined {
  const value = monitor
    .split('.')
    .reduce<unknown>((at, name) => (isOptionsObject(at) ? Reflect.get(at, name) : undefined), record)
  if (typeof value === 'number' && Number.isFinite(value)) return value
  if (isOfValidation(monitor) && record.validation === undefined) return undefined
  const names = numbersIn(record)
  const near = nearestNames(monitor, names)
  throw new ConvzooError({
    kind: 'option',
    message: `The option "monitor" of ${subject} is of nothing that epochs record.`,
    expected: `one of ${names.join(', ')}`,
    received: monitor,
    ...(near.length === 0 ? {} : { hint: `did you mean ${near.join(' or ')}?` }),
  })
}

/** The paths of all numbers in a record. */
function numbersIn(record: object): readonly string[] {
  return Object.entries(record).flatMap(([name, value]: [string, unknown]): readonly string[] => {
    if (typeof value === 'number') return [name]
    return isOptionsObject(value) ? numbersIn(value).map((inner) => `${name}.${inner}`) : []
  })
}

/** Whether a value is better than the best before, by more than a difference. */
export function isBetter(better: Better, value: number, best: number | undefined, minimumDelta = 0): boolean {
  if (best === undefined) return true
  return better === 'lower' ? value < best - minimumDelta : value > best + minimumDelta
}

/** @throws ConvzooError of kind `option` if a validation is watched and there is none. */
export function requireMonitored(subject: string, monitor: Monitor, { validateEvery }: Progress): void {
  if (validateEvery !== undefined || !isOfValidation(monitor)) return
  throw new ConvzooError({
    kind: 'option',
    message: `The option "monitor" of ${subject} is of a validation, and there is none.`,
    expected: 'a dataset to validate on',
    received: monitor,
    hint: `give fit a validation, or ${subject} the monitor ${monitor.replace(/^validation\w*/, 'training')}`,
  })
}
