import type { ImageShape } from '@convzoo/core'
import sharp, { type Sharp, type SharpOptions } from 'sharp'
import type { Placement } from '../augment/placement.js'

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
  readonly isTurned: boolean
  readonly isInk: boolean
  readonly hasAlpha: boolean
}

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

function open(bytes: Uint8Array, { maxPixels }: DecodeLimits, more: SharpOptions = {}): Sharp {
  // Warnings are of no harm to pixels; what is truncated or broken fails.
  return sharp(bytes, { failOn: 'error', limitInputPixels: maxPixels, sequentialRead: true, ...more })
}

/**
 * Reads a picture's header.
 *
 * @throws Error of the decoder, if it is no picture, one of an unknown format, or one of too many pixels.
 */
export async function readHeader(bytes: Uint8Array, limits: DecodeLimits): Promise<Header> {
  const metadata = await open(bytes, limits).metadata()
  const { width, height } = metadata.autoOrient
  if (width < 1 || height < 1) throw new Error('a picture without pixels')
  const isTurned = metadata.orientation !== undefined && metadata.orientation > 1
  return { width, height, isTurned, isInk: metadata.space === 'cmyk', hasAlpha: metadata.hasAlpha === true }
}

/**
 * Decodes what of a picture is seen: bytes [H, W, C] of the shape; grey for one channel, red, green and blue for three. Turned as EXIF
 * says; of an animation the first frame; transparent parts are white; black where the placement lies outside.
 *
 * @throws Error of the decoder, if the picture is broken.
 */
export async function decodePart(
  bytes: Uint8Array,
  { isTurned, isInk, hasAlpha }: Header,
  [height, width, channels]: ImageShape,
  placement: Placement,
  limits: DecodeLimits,
): Promise<Uint8Array> {
  const top = Math.max(placement.top, 0)
  const left = Math.max(placement.left, 0)
  const inside = {
    top,
    left,
    width: Math.min(placement.left + width, placement.width) - left,
    height: Math.min(placement.top + height, placement.height) - top,
  }
  const image = open(bytes, limits, {
    autoOrient: isTurned,
    // A profile costs more than the rest; only inks cannot be seen without one.
    ignoreIcc: !isInk,
  })
  if (hasAlpha) image.flatten({ background: '#ffffff' })
  image.resize({
    width: placement.width,
    height: placement.height,
    fit: 'fill',
    kernel: 'linear',
    fastShrinkOnLoad: limits.shrinkOnLoad,
  })
  if (inside.width !== placement.width || inside.height !== placement.height) image.extract(inside)
  const { data, info } = await image
    .toColourspace(channels === 1 ? 'b-w' : 'srgb')
    .raw({ depth: 'uchar' })
    .timeout({ seconds: patience })
    .toBuffer({ resolveWithObject: true })
  if (info.channels === channels && inside.width === width && inside.height === height) return data
  return placed(data, info.channels, inside, { top: top - placement.top, left: left - placement.left }, [
    height,
    width,
    channels,
  ])
}

/** Puts pixels of any number of channels into a black picture of the shape. */
function placed(
  data: Uint8Array,
  given: number,
  size: { readonly width: number; readonly height: number },
  at: { readonly top: number; readonly left: number },
  [height, width, channels]: ImageShape,
): Uint8Array {
  const out = new Uint8Array(height * width * channels)
  const step = given < channels ? 0 : 1
  for (let row = 0; row < size.height; row++) {
    let from = row * size.width * given
    let to = ((row + at.top) * width + at.left) * channels
    for (let column = 0; column < size.width; column++, from += given, to += channels) {
      for (let channel = 0; channel < channels; channel++) out[to + channel] = data[from + channel * step] ?? 0
    }
  }
  return out
}
