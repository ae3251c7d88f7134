import { described, integer, numberFrom, type OptionsOf, optional } from '../../options/index.js'
import { defineSchedule } from './define-schedule.js'

/**
 * An even fall by the factor `gamma` over `steps` steps, initial·gamma^(t / steps), as Keras' `ExponentialDecay` and, with one step,
 * PyTorch's `ExponentialLR`. Over a run, `steps` is a third of its steps and `gamma` 0.1.
 *
 * @throws ConvzooError of kind `option` for a bad option.
 * @example
 * exponential({ initial: 0.1, gamma: 0.96, steps: 1000 })
 */
export const exponential = defineSchedule({
  specification: 'schedule/v1',
  package: '@convzoo/core',
  name: 'exponential',
  title: 'an even fall by a factor over so many steps',
  options: {
    initial: described('the first value', numberFrom(0)),
    gamma: described('what a fall leaves (0.1)', numberFrom(0)),
    /** 1 by default: then `gamma` is what each step multiplies by. */
    steps: described('steps of a fall (a third of the run)', optional(integer(1), 1)),
  },
  at: ({ initial, gamma, steps }, step) => initial * gamma ** (step / steps),
  ofRun: ['initial'],
  overRun: ({ initial, steps }) => ({ initial, gamma: 0.1, steps: Math.ceil(steps / 3) }),
})

export type ExponentialOptions = OptionsOf<typeof exponential>
export type ExponentialSchedule = ReturnType<typeof exponential>
