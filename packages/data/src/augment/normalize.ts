import { describeValue, type ImageShape, type Preprocessing, unusableOption } from '@convzoo/core'

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
  if (lengths.includes(values.length) && values.every(usable)) return
  const channels = lengths[1]
  throw unusableOption(`"preprocessing.${option}"`, {
    expected: `${channels === 1 ? 'one number' : `1 or ${channels} numbers`}${option === 'mean' ? `, or ${remark}` : ` ${remark}`}`,
    received: describeValue(values),
  })
}

/**
 * Bytes [H, W, C] to a network's input, written to `out` from `offset`. `shifts` are added to the values in [0, 1], by channel.
 */
export function normalizeBytes(
  bytes: Uint8Array,
  { scales, offsets }: Normalization,
  shifts: readonly number[] | undefined,
  out: Float32Array,
  offset: number,
): void {
  const channels = scales.length
  const byChannel = offsets.length === channels
  const constants = scales.map((scale, channel) => {
    return (byChannel ? (offsets[channel] ?? 0) : 0) + (shifts?.[channel] ?? 0) * scale * 255
  })
  if (!byChannel || channels !== 3) {
    for (let at = 0; at < bytes.length; at++) {
      const value = (bytes[at] ?? 0) * (scales[at % channels] ?? 1) + (constants[at % channels] ?? 0)
      out[offset + at] = byChannel ? value : value + (offsets[at] ?? 0)
    }
    return
  }
  const [first = 1, second = 1, third = 1] = scales
  const [addFirst = 0, addSecond = 0, addThird = 0] = constants
  // One pass in the order of memory, without a look at the channel's number, is what makes this fast.
  for (let at = 0, to = offset; at < bytes.length; at += 3, to += 3) {
    out[to] = (bytes[at] ?? 0) * first + addFirst
    out[to + 1] = (bytes[at + 1] ?? 0) * second + addSecond
    out[to + 2] = (bytes[at + 2] ?? 0) * third + addThird
  }
}
