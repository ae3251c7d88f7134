import type { ImageShape } from '@convzoo/core'
import sharp, { type Sharp, type SharpOptions } from 'sharp'
import type { Pixels } from '../augment/image.js'
import { cut, type Placement, type Sight } from '../augment/index.js'
import type { Size } from '../augment/placement.js'
import { keepFreedMemory } from './freed-memory.js'
import { decodePlainJpeg, isWholeJpeg, plainJpegVersion } from './plain-jpeg.js'

/** Bounds on what is decoded. */
export interface DecodeLimits {
  /** Pixels of the whole picture. */
  readonly maxPixels: number
  /** Whether a JPEG may be decoded at a fraction of its size when it is shrunk anyway. */
  readonly shrinkOnLoad: boolean
}

/** What must be known of a picture before it is decoded. */
export interface Header {
  /** As it is meant to be seen, turned as EXIF says. */
  readonly width: number
  readonly height: number
  /** As EXIF counts, 1 to 8: 1 is as it lies. */
  readonly orientation: number
  readonly isInk: boolean
  readonly hasAlpha: boolean
  /** Whether it is one of the photographs that make up most collections: a JPEG, grey or of three channels. */
  readonly isPlainJpeg: boolean
}

/** What decodes: other versions may round otherwise. */
export const decoderVersion = `sharp ${sharp.versions.sharp}, libvips ${sharp.versions.vips}, ${plainJpegVersion}`

/** Seconds after which a decoder is given up. */
const patience = 60

let ready = false

/**
 * Sets the decoder up as this package uses it: raster formats only (no SVG, PDF or plugin, which can reach for other files), one
 * thread a picture, no cache of files that may change. These settings are of the whole process, and while they are made a picture of
 * another thread would be refused: whoever starts threads that decode calls this before, and the threads do not.
 */
export function prepareDecoder(): void {
  if (ready) return
  keepFreedMemory()
  sharp.cache(false)
  sharp.concurrency(1)
  sharp.block({ operation: ['VipsForeignLoad'] })
  sharp.unblock({
    operation: [
      'VipsForeignLoadJpeg',
      'VipsForeignLoadPng',
      'VipsForeignLoadWebp',
      'VipsForeignLoadNsgif',
      'VipsForeignLoadTiff',
      'VipsForeignLoadHeif',
    ],
  })
  ready = true
}

function open(bytes: Buffer, { maxPixels }: DecodeLimits, more: SharpOptions = {}): Sharp {
  // Warnings are of no harm to pixels; what is truncated or broken fails.
  return sharp(bytes, { failOn: 'error', limitInputPixels: maxPixels, sequentialRead: true, ...more })
}

/**
 * Reads a picture's header.
 *
 * @throws Error of the decoder, if it is no picture, one of an unknown format, or one of too many pixels.
 */
export async function readHeader(bytes: Buffer, limits: DecodeLimits): Promise<Header> {
  const metadata = await open(bytes, limits).metadata()
  const { width, height } = metadata.autoOrient
  if (width < 1 || height < 1) throw new Error('a picture without pixels')
  const { orientation = 1, format, channels, space, hasAlpha } = metadata
  const isPlainJpeg = format === 'jpeg' && (channels === 3 || channels === 1)
  return { width, height, orientation, isInk: space === 'cmyk', hasAlpha: hasAlpha === true, isPlainJpeg }
}

/**
 * Decodes a picture of which a part of the shape is seen: grey for one channel, red, green and blue for three, perhaps with more after
 * them. Turned as EXIF says; of an animation the first frame; transparent parts are white. What is seen are the same bytes as in
 * {@link decodeWhole}.
 *
 * @throws Error of the decoder, if the picture is broken.
 */
export async function decodePart(
  bytes: Buffer,
  header: Header,
  shape: ImageShape,
  placement: Placement,
  limits: DecodeLimits,
): Promise<Sight> {
  const quick = isQuick(bytes, header, shape, placement, limits)
    ? await decodePlainJpeg(bytes, header, placement)
    : undefined
  return quick ?? (await decodeAny(bytes, header, shape, placement, limits))
}

/**
 * Decodes a whole picture, resized to a size, of which parts of the shape will be seen.
 *
 * @throws Error of the decoder, if the picture is broken.
 */
export async function decodeWhole(
  bytes: Buffer,
  header: Header,
  shape: ImageShape,
  { width, height }: Size,
  limits: DecodeLimits,
): Promise<Pixels> {
  const [, , channels] = shape
  const whole = { width, height, left: 0, top: 0 }
  const wholeShape = [height, width, channels] as const
  const quick = isQuick(bytes, header, shape, whole, limits) ? await decodePlainJpeg(bytes, header, whole) : undefined
  const decoded = quick ?? (await decodeAny(bytes, header, wholeShape, whole, limits))
  return { data: seenBytes(decoded, wholeShape), width, height, channels }
}

/** What is seen of a picture that is decoded already. */
export async function resizePart(picture: Pixels, shape: ImageShape, placement: Placement): Promise<Sight> {
  const { data, width, height, channels } = picture
  const raw = { width, height, channels: channels === 1 ? 1 : 3 } as const
  return partOf(sharp(data, { raw, limitInputPixels: false }), shape, placement, false)
}

/** What is seen alone: bytes [H, W, C] of the shape. */
export function seenBytes(sight: Sight, shape: ImageShape): Uint8Array {
  const { data, given, seen } = sight
  const [height, width, channels] = shape
  if (given === channels && seen.height === height && seen.width === width) return data
  const out = new Uint8Array(height * width * channels)
  cut(sight, shape, out)
  return out
}

/** From this reduction on, libvips decodes a JPEG at a fraction of its size. */
const leastShrink = 3

/** Where a whole resized picture is so much larger than what is seen of it, it is cheaper not to make the whole. */
const mostUnseen = 4

function isQuick(
  bytes: Buffer,
  header: Header,
  [height, width, channels]: ImageShape,
  resized: Placement,
  { shrinkOnLoad }: DecodeLimits,
): boolean {
  const reduction = Math.min(header.width / resized.width, header.height / resized.height)
  return (
    header.isPlainJpeg &&
    channels === 3 &&
    !(shrinkOnLoad && reduction >= leastShrink) &&
    resized.width * resized.height <= mostUnseen * width * height &&
    isWholeJpeg(bytes)
  )
}

/** Any picture, resized, if possible only the part that is seen. */
async function decodeAny(
  bytes: Buffer,
  header: Header,
  shape: ImageShape,
  placement: Placement,
  limits: DecodeLimits,
): Promise<Sight> {
  const { orientation, isInk, hasAlpha } = header
  const image = open(bytes, limits, {
    autoOrient: orientation > 1,
    // A profile costs more than the rest; only inks cannot be seen without one.
    ignoreIcc: !isInk,
  })
  if (hasAlpha) image.flatten({ background: '#ffffff' })
  if (isResizedAlikeInParts(header, placement)) return partOf(image, shape, placement, limits.shrinkOnLoad)
  const { width, height } = placement
  const whole = await partOf(image, [height, width, shape[2]], { width, height, left: 0, top: 0 }, limits.shrinkOnLoad)
  return { ...whole, seen: placement }
}

/**
 * Whether libvips makes the same of a part as of the whole. It goes through a line by adding up steps from where it was told to begin,
 * and takes the nearest of 64 phases: a sum that lies between two is rounded one way or the other. None does where a side is shrunk in
 * one go (below a factor of 4) to n pixels, unless 64 divides n; and a power of two has sums that are exact.
 */
function isResizedAlikeInParts(source: Size, size: Size): boolean {
  const isAlike = (from: number, to: number): boolean =>
    from >= to && from < 4 * to && (to % 64 !== 0 || Number.isInteger(Math.log2(to)))
  return isAlike(source.width, size.width) && isAlike(source.height, size.height)
}

async function partOf(
  image: Sharp,
  [height, width, channels]: ImageShape,
  placement: Placement,
  fastShrinkOnLoad: boolean,
): Promise<Sight> {
  const left = Math.max(placement.left, 0)
  const top = Math.max(placement.top, 0)
  const part = {
    left,
    top,
    width: Math.min(placement.left + width, placement.width) - left,
    height: Math.min(placement.top + height, placement.height) - top,
  }
  const { data, info } = await image
    .resize({ width: placement.width, height: placement.height, fit: 'fill', kernel: 'linear', fastShrinkOnLoad })
    // Also of the whole: without it, sharp turns pictures after it resizes them, which rounds otherwise.
    .extract(part)
    .toColourspace(channels === 1 ? 'b-w' : 'srgb')
    .raw({ depth: 'uchar' })
    .timeout({ seconds: patience })
    .toBuffer({ resolveWithObject: true })
  return { data, given: info.channels, seen: { ...part, left: placement.left - left, top: placement.top - top } }
}
