import { ConvzooError, type ImageShape, type Preprocessing } from '@convzoo/core'
import {
  defineOptions,
  formatShape,
  imageShapeKind,
  integer,
  isFloat32Array,
  matching,
  normalizationOf,
  optional,
  preprocessingKind,
  requireArguments,
} from '@convzoo/core/define'
import sharp from 'sharp'
import { unitRange } from '../dataset/preprocess.js'

/** Pixels between pictures. */
const gap = 4

/** The background, between white and grey. */
const background = 232

export interface ContactSheetOptions {
  /** [H, W, C] of each image. */
  readonly shape: ImageShape
  /** How the images were normalised, which is undone; numbers from 0 to 1 by default. */
  readonly preprocessing?: Preprocessing | undefined
  readonly columns: number
  /** Rows of pixels left free below each image, for what is written there; 0 by default. */
  readonly footer?: number
}

const sheetParts = defineOptions({
  shape: imageShapeKind,
  preprocessing: optional(preprocessingKind),
  columns: integer(1),
  footer: optional(integer(0), 0),
})

const displayParts = defineOptions({ shape: imageShapeKind, preprocessing: optional(preprocessingKind) })

const imagesKind = matching('a Float32Array', isFloat32Array)

/** Where the images of a sheet lie, in pixels. */
export interface SheetLayout {
  readonly width: number
  readonly height: number
  readonly corner: (index: number) => { readonly left: number; readonly top: number }
}

/** The layout of a contact sheet of so many images. */
export function sheetLayout(
  count: number,
  options: Pick<ContactSheetOptions, 'shape' | 'columns' | 'footer'>,
): SheetLayout {
  requireArguments('sheetLayout', { count: [integer(1), count] })
  const { shape, columns, footer } = sheetParts.parse('A contact sheet', options)
  const [height, width] = shape
  const across = Math.min(columns, count)
  const [stepAcross, stepDown] = [width + gap, height + footer + gap]
  const sheet = { width: across * stepAcross + gap, height: Math.ceil(count / across) * stepDown + gap }
  if (sheet.width * sheet.height > mostPixels) throw tooLarge(sheet)
  return {
    ...sheet,
    corner: (index) => ({
      left: gap + (index % across) * stepAcross,
      top: gap + Math.floor(index / across) * stepDown,
    }),
  }
}

/**
 * Images as they were before they were normalised: red, green and blue from 0 to 1, [N, H, W, 3]. What lies beyond is cut off; a single channel is grey.
 *
 * @param images [N, H, W, C], normalised.
 */
export function displayedImages(
  images: Float32Array,
  options: Pick<ContactSheetOptions, 'shape' | 'preprocessing'>,
): Float32Array {
  requireArguments('displayedImages', { images: [imagesKind, images] })
  const { shape, preprocessing = unitRange } = displayParts.parse('Images to show', options)
  const [height, width, channels] = shape
  const size = height * width * channels
  const { scales, offsets } = normalizationOf(preprocessing, shape, 255)
  const pixels = Math.floor(images.length / channels)
  const shown = new Float32Array(pixels * 3)
  for (let pixel = 0, to = 0; pixel < pixels; pixel++) {
    for (let colour = 0; colour < 3; colour++, to++) {
      const place = pixel * channels + Math.min(colour, channels - 1)
      const value = (images[place] ?? 0) - (offsets[(place % size) % offsets.length] ?? 0)
      shown[to] = Math.max(0, Math.min(1, value / (scales[place % channels] ?? 1) / 255))
    }
  }
  return shown
}

/**
 * A PNG with images side by side, as a network sees them.
 *
 * @param images [N, H, W, C], normalised.
 */
export async function contactSheet(images: Float32Array, options: ContactSheetOptions): Promise<Uint8Array> {
  requireArguments('contactSheet', { images: [imagesKind, images] })
  const { shape, preprocessing = unitRange } = sheetParts.parse('A contact sheet', options)
  const [height, width, channels] = shape
  const size = height * width * channels
  const count = images.length / size
  if (!Number.isInteger(count) || count < 1) {
    throw new ConvzooError({
      kind: 'shape',
      message: 'A contact sheet shows whole images.',
      expected: `a multiple of ${size} values, for images ${formatShape(shape)}`,
      received: `${images.length} values`,
    })
  }
  const { width: sheetWidth, height: sheetHeight, corner } = sheetLayout(count, options)
  const sheet = Buffer.alloc(sheetWidth * sheetHeight * 3, background)
  const shown = displayedImages(images, { shape, preprocessing })
  for (let index = 0; index < count; index++) {
    const { left, top } = corner(index)
    for (let at = 0; at < height * width; at++) {
      const to = ((top + Math.floor(at / width)) * sheetWidth + left + (at % width)) * 3
      for (let channel = 0; channel < 3; channel++)
        sheet[to + channel] = Math.round(255 * (shown[(index * height * width + at) * 3 + channel] ?? 0))
    }
  }
  return sharp(sheet, { raw: { width: sheetWidth, height: sheetHeight, channels: 3 } })
    .png()
    .toBuffer()
}

/** Pixels of a sheet: a hundred thousand pictures of 100 by 100. */
const mostPixels = 1e9

function tooLarge({ width, height }: { readonly width: number; readonly height: number }): ConvzooError {
  return new ConvzooError({
    kind: 'option',
    message: 'A contact sheet would be too large.',
    expected: `at most ${mostPixels} pixels`,
    received: `count, shape and footer that make ${width} x ${height}`,
    hint: 'show fewer or smaller images',
  })
}
