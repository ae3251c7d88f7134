import type { ImageShape, Preprocessing } from '@convzoo/core'
import sharp from 'sharp'
import { normalizationOf } from '../augment/normalize.js'

/** Pixels between pictures. */
const gap = 4

/** The background, between white and grey. */
const background = 232

export interface ContactSheetOptions {
  /** [H, W, C] of each image. */
  readonly shape: ImageShape
  /** How the images were normalised, which is undone. */
  readonly preprocessing: Preprocessing
  readonly columns: number
}

/**
 * A PNG with images side by side, as a network sees them.
 *
 * @param images [N, H, W, C], normalised.
 */
export async function contactSheet(
  images: Float32Array,
  { shape, preprocessing, columns }: ContactSheetOptions,
): Promise<Uint8Array> {
  const [height, width, channels] = shape
  const size = height * width * channels
  const count = images.length / size
  const across = Math.min(columns, count)
  const sheetWidth = across * (width + gap) + gap
  const sheetHeight = Math.ceil(count / across) * (height + gap) + gap
  const sheet = Buffer.alloc(sheetWidth * sheetHeight * 3, background)
  const { scales, offsets } = normalizationOf(preprocessing, shape, 255)
  for (let index = 0; index < count; index++) {
    const left = gap + (index % across) * (width + gap)
    const top = gap + Math.floor(index / across) * (height + gap)
    for (let at = 0; at < height * width; at++) {
      const to = ((top + Math.floor(at / width)) * sheetWidth + left + (at % width)) * 3
      for (let channel = 0; channel < 3; channel++) {
        const place = at * channels + Math.min(channel, channels - 1)
        const value = (images[index * size + place] ?? 0) - (offsets[place % offsets.length] ?? 0)
        sheet[to + channel] = Math.max(0, Math.min(255, Math.round(value / (scales[place % channels] ?? 1))))
      }
    }
  }
  return sharp(sheet, { raw: { width: sheetWidth, height: sheetHeight, channels: 3 } })
    .png()
    .toBuffer()
}
