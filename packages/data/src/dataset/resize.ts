import type { ImageShape } from '@convzoo/core'
import { type LineFilter, triangleFilter } from '../augment/triangle.js'

/** For each output position of one axis: two input positions and the weight of the second. */
export interface AxisTable {
  readonly first: Uint32Array
  readonly second: Uint32Array
  readonly weight: Float64Array
}

/**
 * Bilinear interpolation along one axis with half-pixel centres: output o lies at (o + ½)·input/output − ½ of the input, clamped to
 * its first and last sample. For enlarging: an axis that shrinks has been {@link shrinker}'s before. The same as PyTorch's
 * `interpolate(mode='bilinear', align_corners=False)` and OpenCV's `INTER_LINEAR`.
 */
export function axisTable(input: number, output: number): AxisTable {
  const table = { first: new Uint32Array(output), second: new Uint32Array(output), weight: new Float64Array(output) }
  for (let position = 0; position < output; position++) {
    const place = Math.min(Math.max(((position + 0.5) * input) / output - 0.5, 0), input - 1)
    const first = Math.floor(place)
    table.first[position] = first
    table.second[position] = Math.min(first + 1, input - 1)
    table.weight[position] = place - first
  }
  return table
}

/**
 * Interpolates rows: `image` [H, W, C] → `out` [H, W′, C], W′ by the table.
 */
export function resizeRows(
  image: ArrayLike<number>,
  height: number,
  channels: number,
  width: number,
  table: AxisTable,
  out: Float64Array,
): void {
  const { first, second, weight } = table
  let at = 0
  for (let row = 0; row < height; row++) {
    const start = row * width
    for (let column = 0; column < first.length; column++) {
      const left = (start + (first[column] ?? 0)) * channels
      const right = (start + (second[column] ?? 0)) * channels
      const share = weight[column] ?? 0
      for (let channel = 0; channel < channels; channel++, at++) {
        const a = image[left + channel] ?? 0
        out[at] = a + ((image[right + channel] ?? 0) - a) * share
      }
    }
  }
}

/** Makes of an image [H, W, C] one of which no side is longer than asked for; good until the next image. */
export type Shrinker = (image: ArrayLike<number>) => ArrayLike<number>

/**
 * Shrinks the sides of images that are longer than asked for, by a triangle filter that smooths as much as it shrinks, and leaves the
 * others as they are. What comes out has the shape that is given with it.
 */
export function shrinker(from: ImageShape, to: ImageShape): { readonly shape: ImageShape; readonly shrink: Shrinker } {
  const [height, width, channels] = from
  const shape: ImageShape = [Math.min(height, to[0]), Math.min(width, to[1]), channels]
  const across = shape[1] < width ? triangleFilter(width, shape[1], 0, shape[1]) : undefined
  const down = shape[0] < height ? triangleFilter(height, shape[0], 0, shape[0]) : undefined
  const narrowed = new Float64Array(across === undefined ? 0 : height * shape[1] * channels)
  const shrunk = new Float64Array(down === undefined ? 0 : shape[0] * shape[1] * channels)
  return {
    shape,
    shrink(image) {
      let result = image
      if (across !== undefined) {
        for (let row = 0; row < height; row++) weigh(result, row * width * channels, channels, across, narrowed, row)
        result = narrowed
      }
      // Down, a row is what a sample is across.
      if (down !== undefined) weigh(result, 0, shape[1] * channels, down, shrunk, 0)
      return down === undefined ? result : shrunk
    },
  }
}

/** Weighted sums of samples of `size` numbers, from `start` on, written to `out` as its line `line`. */
function weigh(
  image: ArrayLike<number>,
  start: number,
  size: number,
  { first, count, weights, reach }: LineFilter,
  out: Float64Array,
  line: number,
): void {
  let to = line * first.length * size
  for (let position = 0; position < first.length; position++) {
    const from = start + (first[position] ?? 0) * size
    for (let at = 0; at < size; at++, to++) {
      let sum = 0
      for (let tap = 0; tap < (count[position] ?? 0); tap++) {
        sum += (image[from + tap * size + at] ?? 0) * (weights[position * reach + tap] ?? 0)
      }
      out[to] = sum
    }
  }
}
