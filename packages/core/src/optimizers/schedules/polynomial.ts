import { defineOptions, integer, numberAbove, numberFrom, optional } from '../../options/index.js'

/** final + (initial − final)·(1 − t / steps)^power, and `final` from step `steps` on. */
export interface PolynomialSchedule {
  readonly type: 'polynomial'
  readonly initial: number
  readonly steps: number
  readonly final: number
  readonly power: number
}

export interface PolynomialOptions {
  readonly initial: number
  /** Steps from `initial` to `final`. */
  readonly steps: number
  /** 0 by default; Keras' default is 0.0001. */
  readonly final?: number
  /** 1 by default: a straight line. */
  readonly power?: number
}

const options = defineOptions({
  initial: numberFrom(0),
  steps: integer(1),
  final: optional(numberFrom(0), 0),
  power: optional(numberAbove(0), 1),
})

/**
 * A power of what is left of `steps`, as Keras' `PolynomialDecay`, PyTorch's `PolynomialLR` and Caffe's `poly` policy.
 *
 * @throws ConvzooError of kind `option` for a bad option.
 * @example
 * polynomial({ initial: 0.01, steps: 10_000, power: 0.5 })
 */
export function polynomial(given: PolynomialOptions): PolynomialSchedule {
  return { type: 'polynomial', ...options.parse('schedule polynomial', given) }
}

export function polynomialAt({ initial, steps, final, power }: PolynomialSchedule, at: number): number {
  return final + (initial - final) * (1 - Math.min(at / steps, 1)) ** power
}
