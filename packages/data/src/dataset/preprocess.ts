import { ConvzooError, type ImageShape, type Preprocessing } from '@convzoo/core'
import { describeValue, formatShape, normalizationOf, unusableOption } from '@convzoo/core/define'
import { whitenerOf } from '../augment/whitening.js'
import { axisTable, resizeRows, shrinker } from './resize.js'

/** Values in [0, 1] as they are. */
export const unitRange: Preprocessing = { resize: 'bilinear', mean: [0], standardDeviation: [1] }

export interface PreprocessorOptions {
  /** [H, W, C] of the images as they are stored. */
  readonly from: ImageShape
  /** [H, W, C] of the images as the network takes them. */
  readonly to: ImageShape
  readonly preprocessing: Preprocessing
  /** The stored value that means 1. */
  readonly one: number
}

/** Writes the image `image` [H, W, C], preprocessed, into `out` from `offset`. */
export type Preprocessor = (image: ArrayLike<number>, out: Float32Array, offset: number) => void

/**
 * Resizes, repeats a grey image's channel as often as is asked for, scales to [0, 1], subtracts the mean and divides by the
 * deviation. Everything that does not depend on the pixels is computed here, once.
 *
 * @throws ConvzooError of kind `option` if a shape or a statistic cannot be used.
 */
export function preprocessor({ from, to, preprocessing, one }: PreprocessorOptions): Preprocessor {
  requireImageShape('imageShape', to)
  const {
    shape: [height, width, channels],
    shrink,
  } = shrinker(from, to)
  const [toHeight, toWidth, toChannels] = to
  if (channels !== toChannels && channels !== 1) {
    throw new ConvzooError({
      kind: 'option',
      message: 'The option "imageShape" asks for channels that the images do not have.',
      expected: `${channels} channels; only grey images are repeated over more`,
      received: formatShape(to),
    })
  }
  requireBilinear(preprocessing.resize)
  const { scales, offsets } = normalizationOf(preprocessing, to, one)
  const whiten = whitenerOf(preprocessing, to)
  const meanImage = offsets.length === toChannels ? undefined : offsets
  // Interpolation and normalisation are both linear and the weights of a pixel sum to 1: they may be done in either order.
  const rows = axisTable(height, toHeight)
  const columns = axisTable(width, toWidth)
  const narrowed = new Float64Array(height * toWidth * channels)
  const rowLength = toWidth * channels
  const step = channels === 1 ? 0 : 1

  return (image, out, offset) => {
    resizeRows(shrink(image), height, channels, width, columns, narrowed)
    let at = offset
    for (let row = 0; row < toHeight; row++) {
      const upper = (rows.first[row] ?? 0) * rowLength
      const lower = (rows.second[row] ?? 0) * rowLength
      const share = rows.weight[row] ?? 0
      for (let column = 0; column < rowLength; column += channels) {
        for (let channel = 0; channel < toChannels; channel++, at++) {
          const place = column + channel * step
          const a = narrowed[upper + place] ?? 0
          const value = a + ((narrowed[lower + place] ?? 0) - a) * share
          const added = meanImage === undefined ? offsets[channel] : meanImage[at - offset]
          out[at] = value * (scales[channel] ?? 1) + (added ?? 0)
        }
      }
    }
    whiten?.(out, offset)
  }
}

function requireImageShape(option: string, shape: ImageShape): void {
  if (shape.length === 3 && shape.every((length) => Number.isInteger(length) && length >= 1)) return
  throw unusableOption(`"${option}"`, {
    expected: '[height, width, channels], whole numbers of at least 1',
    received: describeValue(shape),
  })
}

function requireBilinear(resize: string): void {
  if (resize === 'bilinear') return
  throw unusableOption('"preprocessing.resize"', { expected: '"bilinear"', received: describeValue(resize) })
}
