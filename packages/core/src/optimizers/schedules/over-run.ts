import {
  fieldsOf,
  integer,
  isOptionsObject,
  matching,
  numberFrom,
  requireArguments,
  requireKnownOptions,
  text,
} from '../../options/index.js'
import type { RunLength } from './definition.js'
import { parseSchedule, type Schedule } from './schedule.js'
import { scheduleNamed, unknownSchedule } from './table.js'

const runLength = matching(
  '{ initial, steps }',
  (given): given is RunLength => isOptionsObject(given) && 'initial' in given && 'steps' in given,
)
const someOptions = matching('an object of options', isOptionsObject)

/**
 * The schedule of this kind over a whole run: from its highest value and its steps follow the options that are not given. A kind that
 * does not say how, such as `piecewise`, needs all of its options.
 *
 * @throws ConvzooError of kind `option` for a name that nobody provides, or a bad option.
 * @example
 * scheduleOverRun('stepDecay', { initial: 0.01, steps: 900 }) // { type: 'stepDecay', initial: 0.01, every: 300, gamma: 0.1 }
 */
export function scheduleOverRun(type: string, run: RunLength, given: Readonly<Record<string, unknown>> = {}): Schedule {
  requireArguments('scheduleOverRun', { type: [text, type], run: [runLength, run], given: [someOptions, given] })
  const { initial, steps } = run
  requireArguments('scheduleOverRun', { initial: [numberFrom(0), initial], steps: [integer(1), steps] })
  const definition = scheduleNamed(type)
  if (definition === undefined) throw unknownSchedule(type)
  requireKnownOptions(`schedule ${type} of a run`, given, Object.keys(definition.runOptions))
  const chosen = Object.entries(fieldsOf(given)).filter(([, value]) => value !== undefined)
  return parseSchedule({ ...definition.overRun({ initial, steps }), ...Object.fromEntries(chosen), type })
}
