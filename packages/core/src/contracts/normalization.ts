import { describeValue, unusableOption } from '../errors/index.js'
import { numberAbove, requireArguments } from '../options/index.js'
import { formatShape } from '../shape.js'
import type { ImageShape } from './dataset.js'
import { imageShapeKind, preprocessingKind } from './dataset-kinds.js'
import type { FittedWhitening, Preprocessing } from './preprocessing.js'

/** What turns a stored value into a network's input: value · scale + offset, by channel; offsets by place where a mean image is given. */
export interface Normalization {
  readonly scales: Float64Array
  readonly offsets: Float64Array
}

/**
 * One mean for all channels, one a channel, or a mean image; one deviation for all channels or one a channel.
 *
 * @param one The stored value that means 1.
 * @throws ConvzooError of kind `option` if there are as many as fit nothing.
 * @example
 * const { scales, offsets } = normalizationOf(tag.preprocessing, [227, 227, 3], 255)
 */
export function normalizationOf(preprocessing: Preprocessing, shape: ImageShape, one: number): Normalization {
  requireArguments('normalizationOf', {
    preprocessing: [preprocessingKind, preprocessing],
    shape: [imageShapeKind, shape],
    one: [numberAbove(0), one],
  })
  const { mean, standardDeviation } = preprocessing
  const channels = shape[2]
  const size = shape[0] * shape[1] * channels
  requireNumbers('mean', mean, [1, channels, size], `${size} numbers for a mean image`)
  requireNumbers('standardDeviation', standardDeviation, [1, channels], 'greater than 0')
  const at = (values: readonly number[], index: number): number => values[index % values.length] ?? 0
  const scales = Float64Array.from({ length: channels }, (_, channel) => 1 / (one * at(standardDeviation, channel)))
  const offsets = Float64Array.from(
    { length: mean.length === size ? size : channels },
    (_, index) => -at(mean, index) / at(standardDeviation, index % channels),
  )
  return { scales, offsets }
}

/** What whitens pictures, checked. */
export interface UsableWhitening extends FittedWhitening {
  readonly contrast: number
}

/**
 * What whitens pictures of a shape; undefined where nothing is asked for.
 *
 * @throws ConvzooError of kind `option` if it was not fitted, or to pictures of another size.
 * @example
 * const { contrast, mean, matrix } = whiteningOf(run.preprocessing, [32, 32, 3]) ?? {}
 */
export function whiteningOf(preprocessing: Preprocessing, shape: ImageShape): UsableWhitening | undefined {
  requireArguments('whiteningOf', {
    preprocessing: [preprocessingKind, preprocessing],
    shape: [imageShapeKind, shape],
  })
  const { whitening } = preprocessing
  if (whitening === undefined) return undefined
  const { contrast, epsilon, fitted } = whitening
  const size = shape[0] * shape[1] * shape[2]
  const positive = (value: number): boolean => Number.isFinite(value) && value > 0
  if (!positive(contrast) || !positive(epsilon) || whitening.type !== 'zca') {
    throw unusableOption('"preprocessing.whitening"', {
      expected: "{ type: 'zca', contrast, epsilon }, numbers above 0",
      received: describeValue({ ...whitening, fitted: undefined }),
    })
  }
  if (fitted === undefined || fitted.mean.length !== size || fitted.matrix.length !== size * size) {
    throw unusableOption('"preprocessing.whitening.fitted"', {
      expected: `a mean of ${size} values and a matrix of ${size}×${size}, for pictures ${formatShape(shape)}`,
      received:
        fitted === undefined ? 'nothing' : `a mean of ${fitted.mean.length} and a matrix of ${fitted.matrix.length}`,
      hint: 'fit it to the training images: fitWhitening',
    })
  }
  return { contrast, ...fitted }
}

function requireNumbers(
  option: 'mean' | 'standardDeviation',
  values: readonly number[],
  lengths: readonly number[],
  remark: string,
): void {
  const usable = (value: number): boolean => Number.isFinite(value) && (option === 'mean' || value > 0)
  if (Array.isArray(values) && lengths.includes(values.length) && values.every(usable)) return
  const channels = lengths[1]
  throw unusableOption(`"preprocessing.${option}"`, {
    expected: `${channels === 1 ? 'one number' : `1 or ${channels} numbers`}${option === 'mean' ? `, or ${remark}` : ` ${remark}`}`,
    received: describeValue(values),
  })
}
