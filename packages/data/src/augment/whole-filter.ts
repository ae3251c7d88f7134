import { type Extent, type LineFilter, triangleFilter } from './triangle.js'

/** Bits behind the point, as Pillow has them: a sum of weighted bytes stays below 2^31. */
export const precision = 22
const one = 1 << precision

/** A filter whose weights are whole numbers, of which 2^22 is 1. */
export interface WholeFilter extends Omit<LineFilter, 'weights'> {
  readonly weights: Int32Array
}

/** The triangle filter in whole numbers, rounded as Pillow rounds them. */
export function wholeFilter(input: number, output: number, start: number, end: number, extent: Extent): WholeFilter {
  const { first, count, reach, weights: given } = triangleFilter(input, output, start, end, extent)
  const weights = new Int32Array(given.length)
  for (let at = 0; at < given.length; at++) weights[at] = Math.trunc((given[at] ?? 0) * one + 0.5)
  return { first, count, reach, weights }
}
