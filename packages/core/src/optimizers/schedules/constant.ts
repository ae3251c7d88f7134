import { described, numberFrom, type OptionsOf } from '../../options/index.js'
import { defineSchedule } from './define-schedule.js'

/**
 * The same value at every step; wherever a schedule is taken, a number says the same.
 *
 * @throws ConvzooError of kind `option` for a bad option.
 * @example
 * constant({ value: 0.01 })
 */
export const constant = defineSchedule({
  specification: 'schedule/v1',
  package: '@convzoo/core',
  name: 'constant',
  title: 'the same value at every step',
  options: { value: described('at every step', numberFrom(0)) },
  at: ({ value }) => value,
  ofRun: ['value'],
  overRun: ({ initial }) => ({ value: initial }),
})

export type ConstantOptions = OptionsOf<typeof constant>
export type ConstantSchedule = ReturnType<typeof constant>
