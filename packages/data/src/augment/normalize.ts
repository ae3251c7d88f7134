import type { ImageShape } from '@convzoo/core'
import type { Normalization } from '@convzoo/core/define'
import type { Sight } from './cut.js'

/**
 * What is seen of a picture to a network's input of a shape, written to `out` from `offset`; black lies outside. `shifts` are added to
 * the values in [0, 1], by channel. One pass, without a copy in between, is what makes this fast.
 */
export function normalizeSight(
  { data, given, seen }: Sight,
  [rows, columns, channels]: ImageShape,
  { scales, offsets }: Normalization,
  { shifts, mirrored }: { readonly shifts?: readonly number[] | undefined; readonly mirrored: boolean },
  out: Float32Array,
  offset: number,
): void {
  const byChannel = offsets.length === channels
  const constants = scales.map((scale, channel) => {
    return (byChannel ? (offsets[channel] ?? 0) : 0) + (shifts?.[channel] ?? 0) * scale * 255
  })
  const from = Math.max(seen.left, 0)
  const count = Math.min(seen.left + columns, seen.width) - from
  const first = Math.max(-seen.top, 0)
  const end = Math.min(rows, seen.height - seen.top)
  if (count < columns || end - first < rows) {
    for (let at = 0; at < rows * columns * channels; at++) out[offset + at] = constants[at % channels] ?? 0
  }
  const step = mirrored ? -channels : channels
  const start = mirrored ? columns - 1 - (from - seen.left) : from - seen.left
  const [scale = 1, secondScale = 1, thirdScale = 1] = scales
  const [constant = 0, secondConstant = 0, thirdConstant = 0] = constants
  const second = given < channels ? 0 : 1
  const third = 2 * second
  for (let row = first; row < end; row++) {
    let at = ((row + seen.top) * seen.width + from) * given
    let to = offset + (row * columns + start) * channels
    const stop = at + count * given
    if (channels === 3) {
      for (; at < stop; at += given, to += step) {
        out[to] = (data[at] ?? 0) * scale + constant
        out[to + 1] = (data[at + second] ?? 0) * secondScale + secondConstant
        out[to + 2] = (data[at + third] ?? 0) * thirdScale + thirdConstant
      }
    } else {
      for (; at < stop; at += given, to += step) {
        for (let channel = 0; channel < channels; channel++) {
          out[to + channel] = (data[at + channel * second] ?? 0) * (scales[channel] ?? 1) + (constants[channel] ?? 0)
        }
      }
    }
  }
  if (!byChannel) {
    for (let at = 0; at < offsets.length; at++) out[offset + at] = (out[offset + at] ?? 0) + (offsets[at] ?? 0)
  }
}
