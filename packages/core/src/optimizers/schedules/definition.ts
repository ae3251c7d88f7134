import type { Defined } from '../../options/index.js'

/** A hyperparameter as a function of the step, as plain data: the name of a kind of schedule, and its options. */
export interface ScheduleData {
  readonly type: string
  readonly [option: string]: unknown
}

/** What a schedule of a whole run follows from. */
export interface RunLength {
  /** The highest value. */
  readonly initial: number
  /** How many steps there are. */
  readonly steps: number
}

/** The contract that {@link defineSchedule} reads. */
export const scheduleSpecification = 'schedule/v1'

/** A kind of schedule as a table of all kinds holds it. */
export interface ScheduleDefinition extends Defined {
  readonly specification: typeof scheduleSpecification
  /** The npm package that provides it. */
  readonly package: string
  /** Those of its options that a user chooses where a run gives the others: `final` of `cosine`. */
  readonly runOptions: Defined['options']
  /** The schedule of these options, which are checked. */
  make(options: unknown): ScheduleData
  /** The value at a step, counted from 0. */
  at(schedule: ScheduleData, step: number): number
  /** The options that a run gives where nothing is said. */
  overRun(run: RunLength): Readonly<Record<string, unknown>>
}
