import { type Extent, type LineFilter, triangleFilter } from './triangle.js'

/** Bits behind the point, as Pillow has them: a sum of weighted bytes stays below 2^31. */
export const precision = 22
const one = 1 << precision

/** A filter whose weights are whole numbers, of which 2^22 is 1. */
export interface WholeFilter extends Omit<LineFilter, 'weights'> {
  readonly weights: Int32Array
}

/** Memory for weights before they are rounded: to take it anew for each picture costs more than the weights. */
let room = new Float64Array(0)

function roomFor(weights: number): Float64Array {
  if (room.length < weights) room = new Float64Array(weights)
  return room
}

/** The triangle filter in whole numbers, rounded as Pillow rounds them. */
export function wholeFilter(input: number, output: number, start: number, end: number, extent: Extent): WholeFilter {
  const { first, count, reach, weights: given } = triangleFilter(input, output, start, end, extent, roomFor)
  const weights = new Int32Array(count.length * reach)
  count.forEach((taps, position) => {
    const from = position * reach
    for (let at = from; at < from + taps; at++) weights[at] = Math.trunc((given[at] ?? 0) * one + 0.5)
  })
  return { first, count, reach, weights }
}
