import { describeValue, unusableOption } from '../../errors/index.js'
import { described, invalid, type OptionsOf, required, written } from '../../options/index.js'
import { defineSchedule } from './define-schedule.js'

const isNumbers = (value: unknown): value is readonly number[] => Array.isArray(value) && value.every(Number.isFinite)

const rising = written(
  { type: 'array', items: { type: 'integer', minimum: 1 } },
  required<readonly number[], readonly number[]>('whole numbers above 0, in rising order', (value) =>
    isNumbers(value) && value.every((step, index) => Number.isInteger(step) && step > (value[index - 1] ?? 0))
      ? value
      : invalid,
  ),
)

const levels = written(
  { type: 'array', items: { type: 'number', minimum: 0 } },
  required<readonly number[], readonly number[]>('finite numbers of at least 0', (value) =>
    isNumbers(value) && value.every((each) => each >= 0) ? value : invalid,
  ),
)

/**
 * One value after another: `values[0]` before step `boundaries[0]`, `values[1]` from it on, and so forth, as PyTorch's `MultiStepLR`.
 * Keras' `PiecewiseConstantDecay` changes one step later.
 *
 * @throws ConvzooError of kind `option` for a bad option, or if there is not one value more than there are boundaries.
 * @example
 * piecewise({ boundaries: [1000, 2000], values: [0.01, 0.001, 0.0001] })
 */
export const piecewise = defineSchedule({
  specification: 'schedule/v1',
  package: '@convzoo/core',
  name: 'piecewise',
  title: 'one value after another',
  options: {
    boundaries: described('steps at which the next value begins, in rising order', rising),
    values: described('the values, one more than there are boundaries', levels),
  },
  check: ({ boundaries, values }) => {
    if (values.length === boundaries.length + 1) return
    throw unusableOption('"values" of schedule piecewise', {
      expected: `${boundaries.length + 1} values: one more than there are boundaries`,
      received: describeValue(values),
    })
  },
  at: ({ boundaries, values }, step) => values[boundaries.filter((boundary) => step >= boundary).length] ?? Number.NaN,
})

export type PiecewiseOptions = OptionsOf<typeof piecewise>
export type PiecewiseSchedule = ReturnType<typeof piecewise>
