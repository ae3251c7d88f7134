import { createRequire } from 'node:module'
import { Transformer } from '@napi-rs/image'
import type { Size } from '../augment/placement.js'

const { version }: { readonly version: string } = createRequire(import.meta.url)('@napi-rs/image/package.json')

export const plainAvifVersion = `@napi-rs/image ${version}`

/** Bytes at the beginning in which an AVIF file says how it is put together. */
const head = 4096

/** Boxes, and the brand of sequences, of files that the other decoder reads otherwise: turned, cut, of tiles, or of many frames. */
const notPlain = ['irot', 'imir', 'clap', 'grid', 'avis']

/**
 * A whole AVIF file of 8 bits: bytes [H, W, 4], red, green, blue and opacity. libheif, through which the careful decoder reads it,
 * repeats the subsampled colours; this one interpolates them, as Pillow does. Undefined where it cannot read the file.
 */
export async function decodePlainAvif(bytes: Buffer, { width, height }: Size): Promise<Uint8Array | undefined> {
  const start = bytes.subarray(0, head)
  if (notPlain.some((name) => start.includes(name))) return undefined
  try {
    const data = await new Transformer(bytes).rawPixels()
    return data.length === width * height * 4 ? data : undefined
  } catch {
    return undefined
  }
}
