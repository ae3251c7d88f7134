import {
  type AssembledFunction,
  add,
  type Code,
  constant,
  get,
  increase,
  isBelow,
  type Local,
  repeatWhile,
  set,
  vectors,
} from '../vectors/assembler.js'

const { short } = vectors

/** The same number of 16 bits, eight times. */
const eightTimes = (value: number): Code =>
  vectors.bytes([...new Uint8Array(Int16Array.from({ length: 8 }, () => value).buffer)])
const inPairs = (first: number, second: number): Code =>
  vectors.bytes([
    ...new Uint8Array(Int16Array.from({ length: 8 }, (_, place) => (place % 2 === 0 ? first : second)).buffer),
  ])
const fourTimes = (value: number): Code =>
  vectors.bytes([...new Uint8Array(Int32Array.from({ length: 4 }, () => value).buffer)])

/** Numbers of 16 bits of two vectors by turns: of their first halves, or their last. */
const byTurns = (half: 0 | 1, one: Code, other: Code): Code =>
  vectors.shuffle(
    one,
    other,
    Array.from({ length: 16 }, (_, place) => 8 * half + (place >> 2) * 2 + ((place >> 1) & 1) * 16 + (place & 1)),
  )

/** At which resolution colours are stored: that of brightness, half of it across, or half of it both ways. */
export const samplings = ['full', 'halvedAcross', 'halved'] as const

export type Sampling = (typeof samplings)[number]

/**
 * Makes a row of colours of brightness and two differences of colours: sixteen pixels at a time, three bytes each. Where the differences are
 * stored at half of the resolution, they are interpolated as libjpeg's `fancy` upsampling does it, of the row that is nearer and the
 * other one; beside each row stands what its first and last sample repeat. The whole numbers are those of libjpeg's jdcolor.c.
 */
export function colours(sampling: Sampling): AssembledFunction {
  const [brightness, blueNear, blueFar, redNear, redFar, out, end] = [0, 1, 2, 3, 4, 5, 6]
  const [first, second, middle, light] = [7, 8, 9, 10]
  const [blue, red] = [
    [11, 12],
    [13, 14],
  ] as const
  const tints = [15, 16, 17] as const
  const even = [18, 19, 20] as const
  const step = sampling === 'full' ? 16 : 8

  /** A row's sum, of three parts of the nearer row and one of the other, from a place on. */
  const summed = (near: Local, far: Local, offset: number): Code => {
    const widened = vectors.loadWidened(add(get(near), constant(offset)))
    if (sampling === 'halvedAcross') return widened
    return short.add(
      short.add(short.shiftLeft(widened, 1), widened),
      vectors.loadWidened(add(get(far), constant(offset))),
    )
  }
  const [bits, evenRounding, oddRounding] = sampling === 'halvedAcross' ? [2, 1, 2] : [4, 8, 7]
  const centred = (value: Code): Code => short.subtract(value, eightTimes(128))

  /** Differences of sixteen pixels: of even places and of odd ones, or of the first eight and the last. */
  const differences = (near: Local, far: Local, to: readonly [Local, Local]): Code => {
    if (sampling === 'full') {
      return [
        ...set(to[0], centred(vectors.loadWidened(get(near)))),
        ...set(to[1], centred(vectors.loadWidened(get(near), 8))),
      ]
    }
    const weighed = (other: Local, rounding: number): Code =>
      centred(short.shiftRight(short.add(short.add(get(middle), get(other)), eightTimes(rounding)), bits))
    return [
      ...set(middle, summed(near, far, 0)),
      ...set(first, summed(near, far, -1)),
      ...set(second, summed(near, far, 1)),
      ...set(middle, short.add(short.shiftLeft(get(middle), 1), get(middle))),
      ...set(to[0], weighed(first, evenRounding ?? 0)),
      ...set(to[1], weighed(second, oddRounding ?? 0)),
    ]
  }

  /** Red, green and blue of eight pixels, as numbers of 16 bits. */
  const tinted = (half: 0 | 1): Code => {
    const [b, r] = [get(blue[half]), get(red[half])]
    const lights =
      sampling === 'full'
        ? half === 0
          ? vectors.widenLow(get(light))
          : vectors.widenHigh(get(light))
        : half === 0
          ? vectors.and(get(light), eightTimes(255))
          : short.shiftRight(get(light), 8)
    const green = (part: 0 | 1): Code =>
      vectors.shiftRight(vectors.add(vectors.dot(byTurns(part, b, r), inPairs(-22554, 18734)), fourTimes(32768)), 16)
    return [
      ...set(middle, lights),
      // 1.402, 1.772 and, of both, -0.34414 and -0.71414, in parts of 2^16.
      ...set(tints[0], short.add(short.add(get(middle), r), short.fraction(r, eightTimes(13172)))),
      ...set(tints[1], short.add(short.subtract(get(middle), r), vectors.narrow(green(0), green(1)))),
      ...set(tints[2], short.add(short.add(get(middle), short.shiftLeft(b, 1)), short.fraction(b, eightTimes(-7471)))),
    ]
  }
  /** Where the sixteen bytes of a channel are in order. */
  const order = (place: number): number => (sampling === 'full' ? place : (place >> 1) + 8 * (place & 1))
  const [reds, greens, blues] = tints
  const written = (part: 0 | 1 | 2): Code => {
    const placeOf = (byte: number) => ({ pixel: Math.floor(byte / 3), channel: byte % 3 })
    const bytes = Array.from({ length: 16 }, (_, place) => placeOf(16 * part + place))
    const two = vectors.shuffle(
      get(reds),
      get(greens),
      bytes.map(({ pixel, channel }) => (channel === 2 ? 0 : order(pixel) + 16 * channel)),
    )
    return vectors.shuffle(
      two,
      get(blues),
      bytes.map(({ pixel, channel }, place) => (channel === 2 ? 16 + order(pixel) : place)),
    )
  }
  const code = repeatWhile(
    isBelow(get(out), get(end)),
    differences(blueNear, blueFar, blue),
    differences(redNear, redFar, red),
    set(light, vectors.load(get(brightness))),
    tinted(0),
    ...tints.map((tint, channel) => set(even[channel] ?? 0, get(tint))),
    tinted(1),
    ...tints.map((tint, channel) => set(tint, vectors.narrowToBytes(get(even[channel] ?? 0), get(tint)))),
    vectors.store(get(out), written(0)),
    vectors.store(get(out), written(1), 16),
    vectors.store(get(out), written(2), 32),
    increase(brightness, constant(16)),
    ...[blueNear, blueFar, redNear, redFar].map((each) => increase(each, constant(step))),
    increase(out, constant(48)),
  )
  return { name: sampling, parameters: 7, integers: 0, vectors: 14, code }
}
