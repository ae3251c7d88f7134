import {
  boolean,
  described,
  integer,
  numberAbove,
  numberFrom,
  numberIn,
  type OptionsOf,
  oneOf,
  optional,
} from '../../options/index.js'
import { defineSchedule } from './define-schedule.js'

/** What is left of the way when a fraction of a phase is done. */
const left = {
  cosine: (done: number) => 0.5 * (1 + Math.cos(Math.PI * done)),
  linear: (done: number) => 1 - done,
}

/**
 * One cycle over a run, as PyTorch's `OneCycleLR` with `cycle_momentum=False`: from maximum / divisor up to `maximum` in the first part of
 * the steps, and down to maximum / divisor / finalDivisor in the rest. In three phases it falls as fast as it rose, and then on.
 *
 * Source: Smith and Topin, "Super-convergence", 2018.
 *
 * @throws ConvzooError of kind `option` for a bad option.
 * @example
 * adamW({ learningRate: oneCycle({ maximum: 3e-3, steps: 10_000 }) })
 */
export const oneCycle = defineSchedule({
  specification: 'schedule/v1',
  package: '@convzoo/core',
  name: 'oneCycle',
  title: 'up and down again, once over the run',
  source: 'Smith and Topin, "Super-convergence", 2018',
  options: {
    maximum: described('the highest value', numberFrom(0)),
    steps: described('steps of the cycle', integer(1)),
    rise: described('fraction of the steps in which it rises', optional(numberIn(0, 1), 0.3)),
    divisor: described('what the highest value is of the first', optional(numberAbove(0), 25)),
    finalDivisor: described('what the first value is of the last', optional(numberAbove(0), 1e4)),
    anneal: described('cosine or linear: its form', optional(oneOf('cosine', 'linear'), 'cosine')),
    threePhases: described('whether it falls as fast as it rose, and then on', optional(boolean, false)),
  },
  at: ({ maximum, steps, rise, divisor, finalDivisor, anneal, threePhases }, step) => {
    const first = maximum / divisor
    const last = first / finalDivisor
    const top = rise * steps - 1
    const phases: [to: number, begin: number, end: number][] = [
      [top, first, maximum],
      ...(threePhases ? [[2 * top, maximum, first] as [number, number, number]] : []),
      [steps - 1, threePhases ? first : maximum, last],
    ]
    let from = 0
    for (const [to, begin, end] of phases) {
      if (step <= to && to > from) return end + (begin - end) * left[anneal]((step - from) / (to - from))
      from = to
    }
    return last
  },
  ofRun: ['maximum', 'steps'],
  overRun: ({ initial, steps }) => ({ maximum: initial, steps }),
})

export type OneCycleOptions = OptionsOf<typeof oneCycle>
export type OneCycleSchedule = ReturnType<typeof oneCycle>
