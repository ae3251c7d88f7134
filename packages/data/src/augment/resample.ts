import { vectorLines } from '../vectors/vector-lines.js'
import type { Pixels } from './image.js'
import type { Part, Size } from './placement.js'
import { plainLines } from './plain-lines.js'
import { wholeFilter } from './whole-filter.js'

/**
 * A part of a picture that is resized to a size: bytes [part.height, part.width, C]. Across and then down, each time to bytes, in
 * Pillow's whole numbers: the same bytes as its `resize(size, BILINEAR)`, cut out. Nothing but what the part shows is computed. `covered`
 * is what of the picture is resized, as Pillow's `box`: all of it by default. What it gives is good until the next call, or is the
 * picture's own bytes where nothing is to be done.
 */
export function resample(picture: Pixels, size: Size, part: Part, covered: Part = allOf(picture)): Uint8Array {
  const isWidthKept = size.width === picture.width && covered.width === size.width
  const isHeightKept = size.height === picture.height && covered.height === size.height
  if (isWidthKept && isHeightKept && part.width === size.width && part.height === size.height) return picture.data
  if (part.width === 0 || part.height === 0) return new Uint8Array(0)
  const bottom = part.top + part.height
  const right = part.left + part.width
  const { left: start, width: length } = covered
  const across = wholeFilter(picture.width, size.width, part.left, right, { start, length })
  const down = wholeFilter(picture.height, size.height, part.top, bottom, {
    start: covered.top,
    length: covered.height,
  })
  const top = down.first[0] ?? 0
  const last = part.height - 1
  const rows = (down.first[last] ?? 0) + (down.count[last] ?? 0) - top
  return vectorLines(picture, top, rows, across, down) ?? plainLines(picture, top, rows, across, down)
}

const allOf = ({ width, height }: Size): Part => ({ width, height, left: 0, top: 0 })

/** What a part of a resized picture is made of, or a little more. */
export function sourceOf(picture: Size, size: Size, part: Part): Part {
  const [left, right] = reach(picture.width, size.width, part.left, part.width)
  const [top, bottom] = reach(picture.height, size.height, part.top, part.height)
  return { left, top, width: right - left, height: bottom - top }
}

/** From where on a line, and to where. */
function reach(input: number, output: number, start: number, length: number): readonly [number, number] {
  if (length === 0) return [0, 0]
  const scale = input / output
  const support = Math.max(scale, 1)
  const first = Math.floor((start + 0.5) * scale - support)
  const end = Math.ceil((start + length - 0.5) * scale + support) + 1
  return [Math.max(first, 0), Math.min(end, input)]
}
