import type { BatchPurpose, ImageShape } from '@convzoo/core'
import { finisherOf, type Placement } from '../augment/index.js'
import { type PreprocessorOptions, preprocessor, unitRange } from './preprocess.js'

/** Writes the image, augmented and preprocessed for sample `sample`, into `out` from `offset`. */
export type Augmenter = (
  image: ArrayLike<number>,
  purpose: BatchPurpose | undefined,
  sample: number,
  out: Float32Array,
  offset: number,
) => void

/**
 * The way of images in memory through augmentation, by bytes, as photographs go it. Undefined where there is nothing to cut out and
 * nothing to vary: then images are resized without rounding.
 *
 * @throws ConvzooError of kind `option` if the preprocessing cannot be used.
 */
export function augmenter({ from, to, preprocessing, one }: PreprocessorOptions): Augmenter | undefined {
  const finisher = finisherOf(to, preprocessing)
  if (preprocessing.shorterSide === undefined && (preprocessing.augmentation ?? []).length === 0) return undefined
  const source = { height: from[0], width: from[1] }
  const resizers = new Map<string, ReturnType<typeof resizer>>()
  const resized = (image: ArrayLike<number>, { height, width }: Placement): Uint8Array => {
    const key = `${height} ${width}`
    const known = resizers.get(key)
    const resize = known ?? resizer(from, [height, width, to[2]], one)
    if (known === undefined && resizers.size < 8) resizers.set(key, resize)
    return resize(image)
  }
  return (image, purpose, sample, out, offset) => {
    const placement = finisher.placement(source, purpose, sample)
    const sight = { data: resized(image, placement), given: to[2], seen: placement }
    finisher.finish(sight, purpose, sample, out, offset)
  }
}

/** Resizes to bytes, which are good until the next image. */
function resizer(from: ImageShape, to: ImageShape, one: number): (image: ArrayLike<number>) => Uint8Array {
  const resize = preprocessor({ from, to, preprocessing: unitRange, one })
  const values = new Float32Array(to[0] * to[1] * to[2])
  const bytes = new Uint8ClampedArray(values.length)
  return (image) => {
    resize(image, values, 0)
    // Stored as the nearest byte.
    for (let at = 0; at < values.length; at++) bytes[at] = (values[at] ?? 0) * 255
    return new Uint8Array(bytes.buffer)
  }
}
