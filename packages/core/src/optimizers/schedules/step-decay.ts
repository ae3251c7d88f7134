import { described, integer, numberFrom, type OptionsOf } from '../../options/index.js'
import { defineSchedule } from './define-schedule.js'

/**
 * A stair, initial·gamma^⌊t / every⌋: multiplied by `gamma` every so many steps, as PyTorch's `StepLR`, Caffe's `step` policy, and
 * Keras' `ExponentialDecay` with `staircase=True`. Over a run, `every` is a third of its steps and `gamma` 0.1.
 *
 * @throws ConvzooError of kind `option` for a bad option.
 * @example
 * // AlexNet in Caffe: divided by ten every 100 000 steps
 * stepDecay({ initial: 0.01, every: 100_000, gamma: 0.1 })
 */
export const stepDecay = defineSchedule({
  specification: 'schedule/v1',
  package: '@convzoo/core',
  name: 'stepDecay',
  title: 'a stair: falls by a factor every so many steps',
  options: {
    initial: described('the first value', numberFrom(0)),
    every: described('steps between two falls (a third of the run)', integer(1)),
    gamma: described('what a fall leaves (0.1)', numberFrom(0)),
  },
  at: ({ initial, every, gamma }, step) => initial * gamma ** Math.floor(step / every),
  ofRun: ['initial'],
  overRun: ({ initial, steps }) => ({ initial, every: Math.ceil(steps / 3), gamma: 0.1 }),
})

export type StepDecayOptions = OptionsOf<typeof stepDecay>
export type StepDecaySchedule = ReturnType<typeof stepDecay>
