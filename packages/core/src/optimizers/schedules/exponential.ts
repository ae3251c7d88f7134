import { defineOptions, integer, numberFrom, optional } from '../../options/index.js'

/** initial·gamma^(t / steps). */
export interface ExponentialSchedule {
  readonly type: 'exponential'
  readonly initial: number
  readonly gamma: number
  readonly steps: number
}

export interface ExponentialOptions {
  readonly initial: number
  /** What the value is multiplied by over `steps` steps. */
  readonly gamma: number
  /** 1 by default: then `gamma` is what each step multiplies by. */
  readonly steps?: number
}

const options = defineOptions({ initial: numberFrom(0), gamma: numberFrom(0), steps: optional(integer(1), 1) })

/**
 * An even fall by the factor `gamma` over `steps` steps, as Keras' `ExponentialDecay` and, with one step, PyTorch's `ExponentialLR`.
 *
 * @throws ConvzooError of kind `option` for a bad option.
 * @example
 * exponential({ initial: 0.1, gamma: 0.96, steps: 1000 })
 */
export function exponential(given: ExponentialOptions): ExponentialSchedule {
  return { type: 'exponential', ...options.parse('schedule exponential', given) }
}

export function exponentialAt({ initial, gamma, steps }: ExponentialSchedule, at: number): number {
  return initial * gamma ** (at / steps)
}
