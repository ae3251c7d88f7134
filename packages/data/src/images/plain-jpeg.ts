import { createRequire } from 'node:module'
import { Transformer } from '@napi-rs/image'
import type { Pixels } from '../augment/image.js'
import { mostScans } from '../jpeg/index.js'
import type { Header } from './header.js'

const { version }: { readonly version: string } = createRequire(import.meta.url)('@napi-rs/image/package.json')

export const plainJpegVersion = `@napi-rs/image ${version}`

/** Bytes at the end in which a JPEG's last marker is looked for; cameras and editors append a few. */
const tail = 64

const startOfScan = Buffer.of(0xff, 0xda)
const endOfImage = Buffer.of(0xff, 0xd9)

/**
 * Whether bytes are a JPEG with its end, of a usual number of scans. A decoder that fills up what is missing would not say that a file
 * was cut off.
 */
export function isWholeJpeg(bytes: Buffer): boolean {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return false
  if (!bytes.subarray(-tail).includes(endOfImage)) return false
  let scans = 0
  for (let at = bytes.indexOf(startOfScan); at >= 0 && scans <= mostScans; at = bytes.indexOf(startOfScan, at + 2))
    scans++
  return scans <= mostScans
}

/**
 * A whole JPEG, turned as it is meant to be seen, at about half the cost of a general pipeline. Undefined where this decoder cannot read
 * it.
 */
export async function decodePlainJpeg(
  bytes: Buffer,
  { orientation, width, height }: Pick<Header, 'orientation' | 'width' | 'height'>,
): Promise<Pixels | undefined> {
  try {
    const image = new Transformer(bytes)
    if (orientation > 1) image.rotate(orientation)
    const data = await image.rawPixels()
    const channels = data.length / (width * height)
    return channels === 1 || channels === 3 ? { data, width, height, channels } : undefined
  } catch {
    return undefined
  }
}
