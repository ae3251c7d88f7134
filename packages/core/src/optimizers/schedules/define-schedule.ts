import { requireSpecification } from '../../contracts/specification.js'
import { unusableOption } from '../../errors/index.js'
import {
  defined,
  defineOptions,
  functionOf,
  type Given,
  type OptionKinds,
  type OptionsInput,
  type OptionsOutput,
  optional,
  optionKinds,
  text,
  texts,
} from '../../options/index.js'
import { type RunLength, type ScheduleData, type ScheduleDefinition, scheduleSpecification } from './definition.js'
import { addSchedule } from './table.js'

/** All there is to know of a kind of schedule. */
export interface ScheduleDescription<Type extends string, S extends OptionKinds> {
  readonly specification: typeof scheduleSpecification
  /** The npm package that provides it. */
  readonly package: string
  /** The `type` that stands in its data: letters and digits. */
  readonly name: Type
  /** In a line, for lists and help. */
  readonly title: string
  /** Where it was published. */
  readonly source?: string
  readonly options: S
  /** What a user chooses who gives all options; throws where they contradict each other. */
  readonly check?: (options: OptionsOutput<S>) => void
  /** The value at a step, counted from 0: a finite number of at least 0. */
  readonly at: (options: OptionsOutput<S>, step: number) => number
  /** Options that are the run's and not a user's, where a schedule reaches over a whole run; none by default. */
  readonly ofRun?: readonly Extract<keyof S, string>[]
  /** The options that follow from a run where nothing is said: all of `ofRun`, and others that have a default of their own there. */
  readonly overRun?: (run: RunLength) => Partial<OptionsInput<S>>
}

/** The data of one kind of schedule. */
export type ScheduleOf<Type extends string, S extends OptionKinds> = { readonly type: Type } & OptionsOutput<S>

/** A kind of schedule: a function that makes one of its options, and the data that lists, flags and schemas are made of. */
export type ScheduleMaker<Type extends string, S extends OptionKinds> = ((
  ...given: Given<OptionsInput<S>>
) => ScheduleOf<Type, S>) &
  ScheduleDefinition

const parts = defineOptions({
  specification: text,
  package: text,
  name: text,
  title: text,
  source: optional(text),
  options: optionKinds,
  check: optional(functionOf()),
  at: functionOf(),
  ofRun: optional(texts, []),
  overRun: optional(functionOf()),
})

/**
 * Defines a kind of schedule, and makes it known to {@link parseSchedule} and to every option that takes a schedule. What it makes is
 * plain data: `{ type: name, ...options }`.
 *
 * @throws ConvzooError of kind `option` for a part of a definition that is unknown or does not fit, of kind `specification` for an
 * unknown contract, of kind `registry` if another package holds the name. What it makes throws one of kind `option` for a bad option.
 * @example
 * const inverse = defineSchedule({
 *   specification: 'schedule/v1',
 *   package: 'my-schedules',
 *   name: 'inverse',
 *   title: 'initial / (1 + t / scale)',
 *   options: { initial: numberFrom(0), scale: optional(integer(1), 1000) },
 *   at: ({ initial, scale }, step) => initial / (1 + step / scale),
 *   ofRun: ['initial'],
 *   overRun: ({ initial }) => ({ initial }),
 * })
 * const optimizer = sgdw({ weightDecay: 5e-5, learningRate: inverse({ initial: 0.1 }) })
 */
export function defineSchedule<const Type extends string, const S extends OptionKinds>(
  description: ScheduleDescription<Type, S>,
): ScheduleMaker<Type, S> {
  const { package: provider, name, title, source, ofRun } = parts.parse('defineSchedule', description)
  requireSpecification(`The schedule "${name}"`, description.specification, scheduleSpecification)
  if (Object.hasOwn(description.options, 'type')) {
    throw unusableOption(`"options" of schedule ${name}`, {
      expected: 'none called type, which names the kind of schedule in its data',
      received: 'type',
    })
  }
  const stranger = ofRun.find((each) => !Object.hasOwn(description.options, each))
  if (stranger !== undefined) {
    throw unusableOption(`"ofRun" of schedule ${name}`, { expected: 'names of its options', received: stranger })
  }
  const options = defineOptions(description.options)
  const make = (given: unknown): ScheduleOf<Type, S> => {
    const parsed = options.parse(`schedule ${name}`, given as OptionsInput<S>)
    description.check?.(parsed)
    return { type: description.name, ...parsed }
  }
  const { overRun } = description
  const followed: object = overRun?.({ initial: 1, steps: 1 }) ?? {}
  const runOptions = Object.entries(description.options).flatMap(([each, kind]) => {
    if (ofRun.some((own) => own === each)) return []
    if (overRun === undefined) return [[each, kind]]
    // What follows from a run has no default of its own there.
    const { fallback, ...others } = kind
    return [[each, { ...(Object.hasOwn(followed, each) ? others : kind), required: false }]]
  })
  const definition = defined('schedule', (...[given]: Given<OptionsInput<S>>) => make(given), {
    specification: description.specification,
    package: provider,
    name,
    title,
    source,
    options: options.kinds,
    runOptions: Object.fromEntries(runOptions),
    make,
    at: (schedule: ScheduleData, step: number) => description.at(schedule as OptionsOutput<S>, step),
    overRun: (run: RunLength) => ({ ...overRun?.(run) }),
  })
  addSchedule(definition)
  return definition
}
