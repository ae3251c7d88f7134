import { described, integer, numberFrom, type OptionsOf, optional } from '../../options/index.js'
import { defineSchedule } from './define-schedule.js'

/**
 * Half a cosine from `initial` to `final`, as Keras' `CosineDecay` (whose `alpha` is final / initial) and, up to its end, PyTorch's
 * `CosineAnnealingLR`: final + (initial − final)·½(1 + cos(π·t / steps)), and `final` from step `steps` on.
 *
 * Source: Loshchilov and Hutter, "SGDR", ICLR 2017, without restarts.
 *
 * @throws ConvzooError of kind `option` for a bad option.
 * @example
 * sgdw({ weightDecay: 5e-5, learningRate: cosine({ initial: 0.015, steps: 1000 }) })
 */
export const cosine = defineSchedule({
  specification: 'schedule/v1',
  package: '@convzoo/core',
  name: 'cosine',
  title: 'half a cosine',
  source: 'Loshchilov and Hutter, "SGDR", ICLR 2017',
  options: {
    initial: described('the first value', numberFrom(0)),
    steps: described('steps from the first value to the last', integer(1)),
    /** 0 by default. */
    final: described('the last value', optional(numberFrom(0), 0)),
  },
  at: ({ initial, steps, final }, step) => {
    const progress = Math.min(step / steps, 1)
    return final + (initial - final) * 0.5 * (1 + Math.cos(Math.PI * progress))
  },
  ofRun: ['initial', 'steps'],
  overRun: ({ initial, steps }) => ({ initial, steps }),
})

export type CosineOptions = OptionsOf<typeof cosine>
export type CosineSchedule = ReturnType<typeof cosine>
