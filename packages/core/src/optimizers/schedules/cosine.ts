import { defineOptions, integer, numberFrom, optional } from '../../options/index.js'

/** final + (initial − final)·½(1 + cos(π·t / steps)), and `final` from step `steps` on. */
export interface CosineSchedule {
  readonly type: 'cosine'
  readonly initial: number
  readonly steps: number
  readonly final: number
}

export interface CosineOptions {
  readonly initial: number
  /** Steps from `initial` to `final`. */
  readonly steps: number
  /** 0 by default. */
  readonly final?: number
}

const options = defineOptions({ initial: numberFrom(0), steps: integer(1), final: optional(numberFrom(0), 0) })

/**
 * Half a cosine from `initial` to `final`, as Keras' `CosineDecay` (whose `alpha` is final / initial) and, up to its end, PyTorch's
 * `CosineAnnealingLR`.
 *
 * Source: Loshchilov and Hutter, "SGDR", ICLR 2017, without restarts.
 *
 * @throws ConvzooError of kind `option` for a bad option.
 * @example
 * sgdw({ weightDecay: 5e-5, learningRate: cosine({ initial: 0.015, steps: 1000 }) })
 */
export function cosine(given: CosineOptions): CosineSchedule {
  return { type: 'cosine', ...options.parse('schedule cosine', given) }
}

export function cosineAt({ initial, steps, final }: CosineSchedule, at: number): number {
  const progress = Math.min(at / steps, 1)
  return final + (initial - final) * 0.5 * (1 + Math.cos(Math.PI * progress))
}
