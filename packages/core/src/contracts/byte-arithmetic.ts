import type { ImageShape } from './dataset.js'
import type { NamedTensor } from './engine.js'
import { normalizationOf, whiteningOf } from './normalization.js'
import type { Preprocessing } from './preprocessing.js'

/**
 * What of preprocessing is arithmetic on the bytes of a picture: value · scale + offset, and, where pictures are whitened, of x less its own
 * mean, (x · contrast / ‖x‖ − mean) · matrix.
 */
export interface ByteArithmetic {
  /** `scale` [C]; `offset` [C], or [H, W, C] of a mean image; of whitening `mean` [D] and `matrix` [D, D]. */
  readonly tensors: readonly NamedTensor[]
  readonly whitening:
    | {
        readonly contrast: number
        /** A picture whose norm is not above it is of one colour, and becomes 0: single precision has no zero there. */
        readonly leastNorm: number
      }
    | undefined
}

/** Of the norm of a picture in which one byte differs by one: what rounding may leave of it in a picture of one colour. */
const rounding = 1e-4

/**
 * Preprocessing as constants, for software that is given the bytes of a picture that has the input's size already.
 *
 * @throws ConvzooError of kind `option` if the preprocessing does not fit pictures of this shape, or was not fitted.
 * @example
 * const { tensors } = byteArithmetic(tag.preprocessing, [227, 227, 3])
 */
export function byteArithmetic(preprocessing: Preprocessing, shape: ImageShape): ByteArithmetic {
  const { scales, offsets } = normalizationOf(preprocessing, shape, 255)
  const whitening = whiteningOf(preprocessing, shape)
  const byPlace = offsets.length > shape[2]
  const tensors: NamedTensor[] = [
    { name: 'scale', shape: [shape[2]], data: Float32Array.from(scales) },
    { name: 'offset', shape: byPlace ? shape : [shape[2]], data: Float32Array.from(offsets) },
  ]
  if (whitening === undefined) return { tensors, whitening }
  const { contrast, mean, matrix } = whitening
  const size = mean.length
  return {
    tensors: [
      ...tensors,
      { name: 'mean', shape: [size], data: mean },
      { name: 'matrix', shape: [size, size], data: matrix },
    ],
    whitening: { contrast, leastNorm: rounding * Math.min(...scales) },
  }
}
