import { defineOptions, integer, numberFrom } from '../../options/index.js'

/** initial·gamma^⌊t / every⌋. */
export interface StepDecaySchedule {
  readonly type: 'stepDecay'
  readonly initial: number
  readonly every: number
  readonly gamma: number
}

export interface StepDecayOptions {
  readonly initial: number
  /** Steps between two changes. */
  readonly every: number
  /** What the value is multiplied by at each change. */
  readonly gamma: number
}

const options = defineOptions({ initial: numberFrom(0), every: integer(1), gamma: numberFrom(0) })

/**
 * A stair: multiplied by `gamma` every so many steps, as PyTorch's `StepLR`, Caffe's `step` policy, and Keras' `ExponentialDecay` with
 * `staircase=True`.
 *
 * @throws ConvzooError of kind `option` for a bad option.
 * @example
 * // AlexNet in Caffe: divided by ten every 100 000 steps
 * stepDecay({ initial: 0.01, every: 100_000, gamma: 0.1 })
 */
export function stepDecay(given: StepDecayOptions): StepDecaySchedule {
  return { type: 'stepDecay', ...options.parse('schedule stepDecay', given) }
}

export function stepDecayAt({ initial, every, gamma }: StepDecaySchedule, at: number): number {
  return initial * gamma ** Math.floor(at / every)
}
