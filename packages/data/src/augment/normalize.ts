import type { ImageShape, Preprocessing } from '@convzoo/core'
import { describeValue, unusableOption } from '@convzoo/core/define'
import type { Sight } from './cut.js'

/** What turns a stored value into a network's input: value · scale + offset, by channel; offsets by place where a mean image is given. */
export interface Normalization {
  readonly scales: Float64Array
  readonly offsets: Float64Array
}

/**
 * One mean for all channels, one a channel, or a mean image; one deviation for all channels or one a channel. `one` is the stored value
 * that means 1.
 *
 * @throws ConvzooError of kind `option` if there are as many as fit nothing.
 */
export function normalizationOf(
  { mean, standardDeviation }: Preprocessing,
  shape: ImageShape,
  one: number,
): Normalization {
  const channels = shape[2]
  const size = shape[0] * shape[1] * channels
  requireNumbers('mean', mean, [1, channels, size], `${size} numbers for a mean image`)
  requireNumbers('standardDeviation', standardDeviation, [1, channels], 'greater than 0')
  const at = (values: readonly number[], index: number): number => values[index % values.length] ?? 0
  const scales = Float64Array.from({ length: channels }, (_, channel) => 1 / (one * at(standardDeviation, channel)))
  const offsets = Float64Array.from(
    { length: mean.length === size ? size : channels },
    (_, index) => -at(mean, index) / at(standardDeviation, index % channels),
  )
  return { scales, offsets }
}

function requireNumbers(
  option: 'mean' | 'standardDeviation',
  values: readonly number[],
  lengths: readonly number[],
  remark: string,
): void {
  const usable = (value: number): boolean => Number.isFinite(value) && (option === 'mean' || value > 0)
  if (Array.isArray(values) && lengths.includes(values.length) && values.every(usable)) return
  const channels = lengths[1]
  throw unusableOption(`"preprocessing.${option}"`, {
    expected: `${channels === 1 ? 'one number' : `1 or ${channels} numbers`}${option === 'mean' ? `, or ${remark}` : ` ${remark}`}`,
    received: describeValue(values),
  })
}

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
