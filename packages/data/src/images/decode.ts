import type { ImageShape } from '@convzoo/core'
import sharp, { type Sharp, type SharpOptions } from 'sharp'
import type { Pixels } from '../augment/image.js'
import { cut, type Placement, type Sight } from '../augment/index.js'
import type { Part, Size } from '../augment/placement.js'
import { resample, sourceOf } from '../augment/resample.js'
import { RefusedPicture } from '../files/reason.js'
import { decodeJpegPart } from '../jpeg/index.js'
import { keepFreedMemory } from './freed-memory.js'
import type { DecodeLimits, Header } from './header.js'
import { plainJpegHeader } from './jpeg-header.js'
import { samplingOf } from './jpeg-sampling.js'
import { decodePlainAvif, plainAvifVersion } from './plain-avif.js'
import { channelsRefusal, pixelsOf, type SampleKind, tiffRefusal } from './samples.js'
import { coveredBy, type LoadedPixels, sizeOnLoad } from './shrink-on-load.js'
import { tiffTags } from './tiff-tags.js'
import { storedPart, storedSize, turned } from './turn.js'

/** Counted up when other pixels are made of the same decoder's. */
const pixelsVersion = 6

/** What makes the pixels: other versions may round otherwise. */
export const decoderVersion = `pixels ${pixelsVersion}, sharp ${sharp.versions.sharp}, libvips ${sharp.versions.vips}, ${plainAvifVersion}`

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
 * @throws Error of the decoder, if it is no picture, one of an unknown format, or one of too many pixels; {@link RefusedPicture}, if it
 * is one whose samples have no known range, or are of a kind that is not read.
 */
export async function readHeader(bytes: Buffer, limits: DecodeLimits): Promise<Header> {
  return plainJpegHeader(bytes, limits.maxPixels) ?? carefulHeader(bytes, limits)
}

async function carefulHeader(bytes: Buffer, limits: DecodeLimits): Promise<Header> {
  const tags = tiffTags(bytes)
  const tiff = tags === undefined ? undefined : tiffRefusal(tags)
  if (tiff !== undefined) throw new RefusedPicture(tiff)
  const metadata = await open(bytes, limits).metadata()
  const { width, height } = metadata.autoOrient
  if (width < 1 || height < 1) throw new Error('a picture without pixels')
  const refusal = channelsRefusal(metadata)
  if (refusal !== undefined) throw new RefusedPicture(refusal)
  const { orientation = 1, format, channels, space, hasAlpha = false, depth, compression } = metadata
  const isPlainJpeg = format === 'jpeg' && (channels === 3 || channels === 1)
  const sampling = isPlainJpeg ? samplingOf(bytes) : undefined
  const isPlainAvif = format === 'heif' && compression === 'av1' && depth === 'uchar' && orientation === 1
  return {
    width,
    height,
    orientation,
    colours: space === 'cmyk' ? 'inks' : channels < 3 ? 'grey' : 'rgb',
    hasAlpha,
    samples: samplesOf(depth, space === 'cmyk'),
    quick: isPlainJpeg ? 'jpeg' : isPlainAvif ? 'avif' : undefined,
    isUneven: sampling !== undefined && sampling.across !== sampling.down,
  }
}

/** As what samples are asked for; 16 bits of inks would not be scaled. */
function samplesOf(depth: string, isInk: boolean): SampleKind {
  if (depth === 'uint' || depth === 'float') return depth
  return depth === 'ushort' && isInk ? depth : 'uchar'
}

/**
 * Decodes a picture of which a part of the shape is seen: grey for one channel, red, green and blue for three, perhaps with more after
 * them. Turned as EXIF says; of an animation the first frame; transparent parts are white. What is seen are the same bytes as in
 * {@link decodeWhole}.
 *
 * @throws Error of the decoder, if the picture is broken; {@link RefusedPicture}, if its samples have no known range.
 */
export async function decodePart(
  bytes: Buffer,
  header: Header,
  shape: ImageShape,
  placement: Placement,
  limits: DecodeLimits,
): Promise<Sight> {
  return decodeSight(bytes, header, shape, placement, limits)
}

/**
 * Decodes a whole picture, resized to a size, of which parts of the shape will be seen.
 *
 * @throws Error of the decoder, if the picture is broken; {@link RefusedPicture}, if its samples have no known range.
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
  const decoded = await decodeSight(bytes, header, wholeShape, whole, limits)
  return { data: seenBytes(decoded, wholeShape), width, height, channels }
}

/** What is seen of a picture that is decoded already: that part alone is computed. */
export function resizePart(picture: LoadedPixels, shape: ImageShape, placement: Placement): Sight {
  const sight = passingPart(picture, shape, placement)
  return sight.data === picture.data ? sight : { ...sight, data: sight.data.slice() }
}

/** The same, good until the next picture is resized. */
export function passingPart(picture: LoadedPixels, shape: ImageShape, placement: Placement): Sight {
  const part = partOf(shape, placement)
  return {
    data: resample(picture, placement, part, picture.covered),
    given: picture.channels,
    seen: { ...part, left: placement.left - part.left, top: placement.top - part.top },
  }
}

/** What is seen of a resized picture: nothing, where only padding is. */
function partOf([height, width]: ImageShape, placement: Placement): Part {
  const left = Math.max(placement.left, 0)
  const top = Math.max(placement.top, 0)
  return {
    left,
    top,
    width: Math.max(Math.min(placement.left + width, placement.width) - left, 0),
    height: Math.max(Math.min(placement.top + height, placement.height) - top, 0),
  }
}

/**
 * What is seen of an ordinary JPEG, of which nothing else is computed. It is good until the next picture is decoded or resized: no memory is
 * taken for it, which would have to be looked for again. Undefined for other pictures, and where anything is wrong: the decoders that
 * know what to do about it are asked then, by {@link decodePart}.
 */
export function decodePassing(
  bytes: Buffer,
  header: Header,
  shape: ImageShape,
  placement: Placement,
  limits: DecodeLimits,
): Sight | undefined {
  if (header.quick !== 'jpeg' || shape[2] !== 3) return undefined
  if (sizeOnLoad(header, placement, limits) !== undefined) return undefined
  const { orientation } = header
  const part = sourceOf(header, placement, partOf(shape, placement))
  const stored = decodeJpegPart(bytes, storedSize(header, orientation), storedPart(header, part, orientation))
  if (stored === undefined) return undefined
  return passingPart(orientation === 1 ? stored : turned(stored, part, orientation), shape, placement)
}

/** What is seen of any picture, in memory of its own. */
async function decodeSight(
  bytes: Buffer,
  header: Header,
  shape: ImageShape,
  placement: Placement,
  limits: DecodeLimits,
): Promise<Sight> {
  const passing = decodePassing(bytes, header, shape, placement, limits)
  if (passing !== undefined) return { ...passing, data: passing.data.slice() }
  return resizePart(await decodeAny(bytes, header, shape[2], placement, limits), shape, placement)
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

/** Any picture, as large as it is stored, or as a JPEG is decoded that will be shrunk to a size: grey, or of three colours. */
async function decodeAny(
  bytes: Buffer,
  header: Header,
  channels: number,
  resized: Size,
  limits: DecodeLimits,
): Promise<LoadedPixels> {
  const { orientation, colours, hasAlpha, samples, quick } = header
  if (quick === 'avif') {
    const data = await decodePlainAvif(bytes, header)
    if (data !== undefined) return pixelsOf({ ...header, data, given: 4, samples: 'uchar', isInk: false }, channels)
  }
  const onLoad = sizeOnLoad(header, resized, limits)
  // Profiles are ignored, as Pillow does: they cost more than the rest.
  const image = open(bytes, limits, { autoOrient: orientation > 1, ignoreIcc: true })
  if (onLoad !== undefined) image.resize({ ...onLoad, fit: 'fill', kernel: 'lanczos3', fastShrinkOnLoad: true })
  const space = spaceOf(colours, hasAlpha, samples)
  // Where it is not named, floats are taken for linear light, and inks go through a profile.
  if (samples === 'float' || colours === 'inks') image.pipelineColourspace(space)
  const { data, info } = await image
    .toColourspace(space)
    .raw({ depth: samples })
    .timeout({ seconds: patience })
    .toBuffer({ resolveWithObject: true })
  const { width, height, channels: given } = info
  const pixels = pixelsOf({ data, width, height, given, samples, isInk: colours === 'inks' }, channels)
  return onLoad === undefined ? pixels : { ...pixels, covered: coveredBy(header, onLoad) }
}

/** What the careful decoder is asked for: nothing that it would have to compute. */
function spaceOf(colours: Header['colours'], hasAlpha: boolean, samples: SampleKind): string {
  if (colours === 'inks') return 'cmyk'
  // In grey, it leaves transparency out.
  if (colours === 'grey' && !hasAlpha) return 'b-w'
  return samples === 'float' ? 'scrgb' : 'srgb'
}
