import type { Pixels } from './image.js'
import { precision, type WholeFilter } from './whole-filter.js'

const half = 1 << (precision - 1)

/** Rows from `top` on of a picture, summed across and then down: bytes [down, across, C]. */
export function plainLines(
  picture: Pixels,
  top: number,
  rows: number,
  across: WholeFilter,
  down: WholeFilter,
): Uint8Array {
  const { channels } = picture
  const narrowed = new Uint8Array(rows * across.first.length * channels)
  if (channels === 1) acrossGrey(picture, top, rows, across, narrowed)
  else acrossColours(picture, top, rows, across, narrowed)
  const out = new Uint8Array(down.first.length * across.first.length * channels)
  sumRows(narrowed, top, down, out)
  return out
}

/** A sum of weighted bytes to a byte. */
function rounded(sum: number): number {
  const byte = sum >> precision
  return Math.min(byte, 255)
}

function acrossGrey(picture: Pixels, top: number, rows: number, filter: WholeFilter, out: Uint8Array): void {
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

function acrossColours(picture: Pixels, top: number, rows: number, filter: WholeFilter, out: Uint8Array): void {
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
function sumRows(data: Uint8Array, top: number, filter: WholeFilter, out: Uint8Array): void {
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
