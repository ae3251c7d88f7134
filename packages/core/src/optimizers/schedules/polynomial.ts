import { described, integer, numberAbove, numberFrom, type OptionsOf, optional } from '../../options/index.js'
import { defineSchedule } from './define-schedule.js'

/**
 * A power of what is left of `steps`, as Keras' `PolynomialDecay`, PyTorch's `PolynomialLR` and Caffe's `poly` policy:
 * final + (initial − final)·(1 − t / steps)^power, and `final` from step `steps` on.
 *
 * @throws ConvzooError of kind `option` for a bad option.
 * @example
 * polynomial({ initial: 0.01, steps: 10_000, power: 0.5 })
 */
export const polynomial = defineSchedule({
  specification: 'schedule/v1',
  package: '@convzoo/core',
  name: 'polynomial',
  title: 'a power of what is left of the steps',
  options: {
    initial: described('the first value', numberFrom(0)),
    steps: described('steps from the first value to the last', integer(1)),
    /** 0 by default; Keras' default is 0.0001. */
    final: described('the last value', optional(numberFrom(0), 0)),
    /** 1 by default: a straight line. */
    power: described('its power', optional(numberAbove(0), 1)),
  },
  at: ({ initial, steps, final, power }, step) => final + (initial - final) * (1 - Math.min(step / steps, 1)) ** power,
  ofRun: ['initial', 'steps'],
  overRun: ({ initial, steps }) => ({ initial, steps }),
})

export type PolynomialOptions = OptionsOf<typeof polynomial>
export type PolynomialSchedule = ReturnType<typeof polynomial>
