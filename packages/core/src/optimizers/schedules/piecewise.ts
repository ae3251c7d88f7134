import { describeValue, unusableOption } from '../../errors/index.js'
import { defineOptions, invalid, required } from '../../options/index.js'

/** `values[i]` from step `boundaries[i − 1]` on. */
export interface PiecewiseSchedule {
  readonly type: 'piecewise'
  readonly boundaries: readonly number[]
  readonly values: readonly number[]
}

export interface PiecewiseOptions {
  /** Steps at which the next value begins, in rising order. */
  readonly boundaries: readonly number[]
  /** One more than there are boundaries. */
  readonly values: readonly number[]
}

const isNumbers = (value: unknown): value is readonly number[] => Array.isArray(value) && value.every(Number.isFinite)

const options = defineOptions({
  boundaries: required<readonly number[], readonly number[]>('whole numbers above 0, in rising order', (value) =>
    isNumbers(value) && value.every((step, index) => Number.isInteger(step) && step > (value[index - 1] ?? 0))
      ? value
      : invalid,
  ),
  values: required<readonly number[], readonly number[]>('finite numbers of at least 0', (value) =>
    isNumbers(value) && value.every((each) => each >= 0) ? value : invalid,
  ),
})

/**
 * One value after another: `values[0]` before step `boundaries[0]`, `values[1]` from it on, and so forth, as PyTorch's `MultiStepLR`.
 * Keras' `PiecewiseConstantDecay` changes one step later.
 *
 * @throws ConvzooError of kind `option` for a bad option, or if there is not one value more than there are boundaries.
 * @example
 * piecewise({ boundaries: [1000, 2000], values: [0.01, 0.001, 0.0001] })
 */
export function piecewise(given: PiecewiseOptions): PiecewiseSchedule {
  const { boundaries, values } = options.parse('schedule piecewise', given)
  if (values.length !== boundaries.length + 1) {
    throw unusableOption('"values" of schedule piecewise', {
      expected: `${boundaries.length + 1} values: one more than there are boundaries`,
      received: describeValue(values),
    })
  }
  return { type: 'piecewise', boundaries, values }
}

export function piecewiseAt({ boundaries, values }: PiecewiseSchedule, at: number): number {
  return values[boundaries.filter((boundary) => at >= boundary).length] ?? Number.NaN
}
