import type { Metadata } from 'sharp'
import { luma, type Pixels, toByte } from '../augment/image.js'
import { RefusedPicture } from '../files/reason.js'
import type { TiffTags } from './tiff-tags.js'

/** How a decoder gives a picture's samples: bytes, also of what was stored with 16 bits, but for inks; the rest as it is stored. */
export type SampleKind = 'uchar' | 'ushort' | 'uint' | 'float'

/** A picture as a decoder gives it: samples [H, W, given], row-major. The memory may be used again. */
export interface Samples {
  readonly data: Uint8Array
  readonly width: number
  readonly height: number
  /** Grey or red, green and blue, each perhaps with opacity; or cyan, magenta, yellow and black. */
  readonly given: number
  readonly samples: SampleKind
  readonly isInk: boolean
}

const otherSamples = 'save it with 8 or 16 bits, unsigned'

/** Why a TIFF's samples have no range that is known, or are not read, if so, in a few words. */
export function tiffRefusal({ bits, compression, photometric, channels, sampleFormat }: TiffTags): string | undefined {
  if (sampleFormat === 2) {
    return `signed integers of ${bits} bits, of which it is not known what is black and what is white: ${otherSamples}`
  }
  if (sampleFormat > 3) return `samples of complex numbers: ${otherSamples}`
  if (sampleFormat === 3 && bits !== 32) return `floats of ${bits} bits: ${otherSamples}`
  // The careful decoder takes the former for other numbers, and the latter for linear light.
  if (sampleFormat === 3 && photometric === 0) return `floats of which 0 is white: ${otherSamples}`
  if (sampleFormat === 3 && channels === 2) return `floats with transparency, in grey: ${otherSamples}`
  // Within a JPEG's compression, the decoder turns them into colours.
  if (photometric === 6 && compression !== 6 && compression !== 7) return 'luma and chroma in a TIFF: save it as RGB'
  if (photometric === 8 || photometric === 9) return 'CIE Lab colours: save it as RGB'
  return undefined
}

/** Why it is not known which of a picture's channels are its colours, if so. */
export function channelsRefusal({ space, channels }: Pick<Metadata, 'space' | 'channels'>): string | undefined {
  if (channels <= (space === 'b-w' || space === 'grey16' ? 2 : 4)) return undefined
  return `${channels} channels, and not known which are colours: save it as grey or RGB`
}

/**
 * What a decoder gives as a picture: grey where one channel is asked for, otherwise grey or of three colours. Transparent parts are
 * over white; grey is ITU-R 601's, in Pillow's whole numbers; inks are subtracted from white, as Pillow does it.
 *
 * @throws RefusedPicture if there are floats outside [0, 1], or 32-bit integers that are all as good as 0.
 */
export function pixelsOf(picture: Samples, channels: number): Pixels {
  const { width, height, given } = picture
  const count = width * height
  const data = bytesOf(picture)
  let colours = given
  if (picture.isInk) colours = mixInks(data, count)
  else if (given === 2 || given === 4) colours = coverWhite(data, count, given)
  if (channels === 1 && colours === 3) colours = toGrey({ data, width, height, channels: 3 })
  return { data: data.subarray(0, count * colours), width, height, channels: colours }
}

// What follows writes over what it has read: a picture of many megapixels is in memory once.

/** Samples as bytes: of integers the upper bits, of floats the nearest. */
function bytesOf({ data, samples }: Samples): Uint8Array {
  if (samples === 'uchar') return data
  const { buffer, byteOffset, byteLength } = wordAligned(data)
  if (samples === 'ushort') {
    const pairs = new Uint16Array(buffer, byteOffset, byteLength / 2)
    const bytes = new Uint8Array(buffer, byteOffset, pairs.length)
    for (let at = 0; at < pairs.length; at++) bytes[at] = (pairs[at] ?? 0) >> 8
    return bytes
  }
  const words =
    samples === 'uint'
      ? new Uint32Array(buffer, byteOffset, byteLength / 4)
      : new Float32Array(buffer, byteOffset, byteLength / 4)
  let least = Number.POSITIVE_INFINITY
  let most = Number.NEGATIVE_INFINITY
  let isNumber = true
  for (let at = 0; at < words.length; at++) {
    const value = words[at] ?? 0
    if (value < least) least = value
    if (value > most) most = value
    isNumber &&= Number.isFinite(value)
  }
  if (samples === 'uint' && most > 0 && most < 2 ** 24) {
    throw new RefusedPicture(
      `integers of 32 bits that reach only ${most} of ${2 ** 32 - 1}, all black: save it with 8 or 16 bits`,
    )
  }
  if (samples === 'float' && !(isNumber && least >= 0 && most <= 1)) {
    const range = isNumber ? `from ${least} to ${most}` : 'that are no numbers'
    throw new RefusedPicture(
      `floats ${range}, of which only 0 to 1 is known to be black to white: scale it, or save it with 8 or 16 bits`,
    )
  }
  const bytes = new Uint8Array(buffer, byteOffset, words.length)
  if (samples === 'uint') for (let at = 0; at < words.length; at++) bytes[at] = (words[at] ?? 0) >>> 24
  else for (let at = 0; at < words.length; at++) bytes[at] = toByte((words[at] ?? 0) * 255)
  return bytes
}

/** The same memory where it begins at a whole word, otherwise a copy. */
const wordAligned = (data: Uint8Array): Uint8Array => (data.byteOffset % 4 === 0 ? data : Uint8Array.from(data))

/** A product of two values in 0 … 255 as one, rounded, in whole numbers: Pillow's `MULDIV255`. */
function product(one: number, other: number): number {
  const value = one * other + 128
  return ((value >> 8) + value) >> 8
}

function mixInks(data: Uint8Array, count: number): 3 {
  for (let pixel = 0, at = 0, to = 0; pixel < count; pixel++, at += 4, to += 3) {
    const light = 255 - (data[at + 3] ?? 0)
    data[to] = product(255 - (data[at] ?? 0), light)
    data[to + 1] = product(255 - (data[at + 1] ?? 0), light)
    data[to + 2] = product(255 - (data[at + 2] ?? 0), light)
  }
  return 3
}

function coverWhite(data: Uint8Array, count: number, given: 2 | 4): 1 | 3 {
  const colours = given === 2 ? 1 : 3
  for (let pixel = 0, at = 0, to = 0; pixel < count; pixel++, at += given, to += colours) {
    const opacity = data[at + colours] ?? 0
    for (let channel = 0; channel < colours; channel++) {
      const value = data[at + channel] ?? 0
      data[to + channel] = opacity === 255 ? value : product(value, opacity) + 255 - opacity
    }
  }
  return colours
}

function toGrey(picture: Pixels): 1 {
  const { data, width, height } = picture
  for (let pixel = 0; pixel < width * height; pixel++) data[pixel] = luma(picture, 3 * pixel)
  return 1
}
