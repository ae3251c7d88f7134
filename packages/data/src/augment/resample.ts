import type { Pixels } from './image.js'
import type { Part, Size } from './placement.js'
import { type LineFilter, triangleFilter } from './triangle.js'

/** Bits behind the point, as Pillow has them: a sum of weighted bytes stays below 2^31. */
const precision = 22
const half = 1 << (precision - 1)

/**
 * A part of a picture that is resized to a size: bytes [part.height, part.width, C]. Across and then down, each time to bytes, in
 * Pillow's whole numbers: the same bytes as its `resize(size, BILINEAR)`, cut out. Nothing but what the part shows is computed. `covered`
 * is what of the picture is resized, as Pillow's `box`: all of it by default.
 */
export function resample(picture: Pixels, size: Size, part: Part, covered: Part = allOf(picture)): Uint8Array {
  const isWidthKept = size.width === picture.width && covered.width === size.width
  const isHeightKept = size.height === picture.height && covered.height === size.height
  if (isWidthKept && isHeightKept && part.width === size.width && part.height === size.height) return picture.data
  if (part.width === 0 || part.height === 0) return new Uint8Array(0)
  const bottom = part.top + part.height
  const right = part.left + part.width
  const { left: start, width: length } = covered
  const across = fixed(triangleFilter(picture.width, size.width, part.left, right, { start, length }))
  const down = fixed(
    triangleFilter(picture.height, size.height, part.top, bottom, { start: covered.top, length: covered.height }),
  )
  const top = down.first[0] ?? 0
  const last = part.height - 1
  const rows = isHeightKept ? part.height : (down.first[last] ?? 0) + (down.count[last] ?? 0) - top
  const narrowed = new Uint8Array(rows * part.width * picture.channels)
  if (picture.channels === 1) acrossGrey(picture, top, rows, across, narrowed)
  else acrossColours(picture, top, rows, across, narrowed)
  if (isHeightKept) return narrowed
  const out = new Uint8Array(part.height * part.width * picture.channels)
  sumRows(narrowed, top, down, out)
  return out
}

const allOf = ({ width, height }: Size): Part => ({ width, height, left: 0, top: 0 })

/** A filter whose weights are whole numbers, of which 2^22 is 1. */
interface FixedFilter extends Omit<LineFilter, 'weights'> {
  readonly weights: Int32Array
}

function fixed({ weights, ...filter }: LineFilter): FixedFilter {
  return { ...filter, weights: Int32Array.from(weights, (weight) => Math.trunc(weight * 2 ** precision + 0.5)) }
}

/** A sum of weighted bytes to a byte. */
function rounded(sum: number): number {
  const byte = sum >> precision
  return Math.min(byte, 255)
}

function acrossGrey(picture: Pixels, top: number, rows: number, filter: FixedFilter, out: Uint8Array): void {
  const { data, width } = picture
  const { first, count, weights, reach } = filter
  const columns = first.length
  let to = 0
  for (let row = top; row < top + rows; row++) {
    const start = row * width
    for (let column = 0; column < columns; column++) {
      let from = start + (first[column] ?? 0)
      let sum = half
      const weight = column * reach
      const end = weight + (count[column] ?? 0)
      for (let tap = weight; tap < end; tap++) sum = (sum + Math.imul(data[from++] ?? 0, weights[tap] ?? 0)) | 0
      out[to++] = rounded(sum)
    }
  }
}

function acrossColours(picture: Pixels, top: number, rows: number, filter: FixedFilter, out: Uint8Array): void {
  const { data, width } = picture
  const { first, count, weights, reach } = filter
  const columns = first.length
  let to = 0
  for (let row = top; row < top + rows; row++) {
    const start = row * width
    for (let column = 0; column < columns; column++) {
      let from = (start + (first[column] ?? 0)) * 3
      let red = half
      let green = half
      let blue = half
      const weight = column * reach
      const end = weight + (count[column] ?? 0)
      for (let tap = weight; tap < end; tap++, from += 3) {
        const share = weights[tap] ?? 0
        red = (red + Math.imul(data[from] ?? 0, share)) | 0
        green = (green + Math.imul(data[from + 1] ?? 0, share)) | 0
        blue = (blue + Math.imul(data[from + 2] ?? 0, share)) | 0
      }
      out[to] = rounded(red)
      out[to + 1] = rounded(green)
      out[to + 2] = rounded(blue)
      to += 3
    }
  }
}

/** Rows of `out` as sums of rows of `data`, of which the first is the picture's row `top`. */
function sumRows(data: Uint8Array, top: number, filter: FixedFilter, out: Uint8Array): void {
  const { first, count, weights, reach } = filter
  const length = out.length / first.length
  const sums = new Int32Array(length)
  let to = 0
  for (let row = 0; row < first.length; row++) {
    sums.fill(half)
    let from = ((first[row] ?? 0) - top) * length
    const end = row * reach + (count[row] ?? 0)
    for (let tap = row * reach; tap < end; tap++, from += length) {
      const share = weights[tap] ?? 0
      for (let at = 0; at < length; at++) sums[at] = ((sums[at] ?? 0) + Math.imul(data[from + at] ?? 0, share)) | 0
    }
    for (let at = 0; at < length; at++) out[to++] = rounded(sums[at] ?? 0)
  }
}
