import type { ImageShape } from '@convzoo/core'
import type { Placement } from './placement.js'

/** A resized picture, bytes [H, W, given], and what of it is seen. */
export interface Sight {
  readonly data: Uint8Array
  readonly given: number
  readonly seen: Placement
}

/**
 * Copies what is seen of a picture into `out`, bytes of the shape; black lies outside. Channels beyond those of the shape are left out;
 * a single one is repeated.
 */
export function cut(
  { data: picture, given, seen: { width, height, left, top } }: Sight,
  [rows, columns, channels]: ImageShape,
  out: Uint8Array,
): void {
  const from = Math.max(left, 0)
  const to = Math.min(left + columns, width)
  const first = Math.max(-top, 0)
  const end = Math.min(rows, height - top)
  if (from !== left || to !== left + columns || first > 0 || end < rows) out.fill(0)
  if (to <= from) return
  for (let row = first; row < end; row++) {
    const start = ((row + top) * width + from) * given
    const target = (row * columns + from - left) * channels
    if (given === channels) out.set(picture.subarray(start, start + (to - from) * given), target)
    else copyRow(picture, start, given, out, target, channels, to - from)
  }
}

function copyRow(
  picture: Uint8Array,
  start: number,
  given: number,
  out: Uint8Array,
  target: number,
  channels: number,
  columns: number,
): void {
  const end = start + columns * given
  if (channels === 1) {
    for (let at = start, to = target; at < end; at += given, to++) out[to] = picture[at] ?? 0
    return
  }
  const second = given < channels ? 0 : 1
  const third = 2 * second
  for (let at = start, to = target; at < end; at += given, to += 3) {
    out[to] = picture[at] ?? 0
    out[to + 1] = picture[at + second] ?? 0
    out[to + 2] = picture[at + third] ?? 0
  }
}
