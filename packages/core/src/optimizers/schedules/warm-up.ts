import { described, integer, type OptionsOf } from '../../options/index.js'
import { defineSchedule } from './define-schedule.js'
import { scheduled, scheduledAt } from './schedule.js'

/**
 * A linear rise before another schedule: step t < steps gives (t + 1) / (steps + 1) of what `schedule` starts with.
 *
 * @throws ConvzooError of kind `option` for a bad option.
 * @example
 * warmUp({ steps: 100, schedule: cosine({ initial: 0.02, steps: 900 }) })
 */
export const warmUp = defineSchedule({
  specification: 'schedule/v1',
  package: '@convzoo/core',
  name: 'warmUp',
  title: 'a linear rise before another schedule',
  options: {
    steps: described('steps in which the value rises', integer(1)),
    schedule: described('what follows', scheduled),
  },
  at: ({ steps, schedule }, step) =>
    step < steps ? (scheduledAt(schedule, 0) * (step + 1)) / (steps + 1) : scheduledAt(schedule, step - steps),
})

export type WarmUpOptions = OptionsOf<typeof warmUp>
