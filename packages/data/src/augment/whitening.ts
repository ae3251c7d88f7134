import type { ImageShape, Preprocessing } from '@convzoo/core'
import { whiteningOf } from '@convzoo/core/define'

/** Whitens the picture that stands in `out` from `offset`. */
export type Whitener = (out: Float32Array, offset: number) => void

/** So many values may a picture have: of 3072 a matrix takes 38 MB. */
export const mostWhitened = 3072

/** Takes its mean from a picture, and gives it a Euclidean norm; one of a single colour becomes 0. */
export function normalizeContrast(picture: Float32Array, contrast: number): void {
  let sum = 0
  for (const value of picture) sum += value
  const mean = sum / picture.length
  let squares = 0
  for (const value of picture) squares += (value - mean) ** 2
  const norm = Math.sqrt(squares)
  const scale = norm < 1e-8 ? 0 : contrast / norm
  for (let at = 0; at < picture.length; at++) picture[at] = ((picture[at] ?? 0) - mean) * scale
}

/**
 * What whitens pictures of a shape; undefined where nothing is asked for.
 *
 * @throws ConvzooError of kind `option` if it was not fitted, or to pictures of another size.
 */
export function whitenerOf(preprocessing: Preprocessing, shape: ImageShape): Whitener | undefined {
  const whitening = whiteningOf(preprocessing, shape)
  if (whitening === undefined) return undefined
  const { contrast, mean, matrix } = whitening
  const size = mean.length
  const centred = new Float32Array(size)
  return (out, offset) => {
    centred.set(out.subarray(offset, offset + size))
    normalizeContrast(centred, contrast)
    for (let at = 0; at < size; at++) centred[at] = (centred[at] ?? 0) - (mean[at] ?? 0)
    for (let row = 0, from = 0; row < size; row++, from += size) {
      let sum = 0
      for (let at = 0; at < size; at++) sum += (matrix[from + at] ?? 0) * (centred[at] ?? 0)
      out[offset + row] = sum
    }
  }
}
