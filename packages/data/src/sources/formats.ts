import { statSync } from 'node:fs'
import { readRegularFileSync } from '@convzoo/files'
import { unreadByContent, unreadByName } from '../images/unread-formats.js'

const extensions = new Set(['jpg', 'jpeg', 'jpe', 'jfif', 'png', 'webp', 'gif', 'tif', 'tiff', 'avif'])

/** Whether a file is an image by its name. */
export function isImageName(name: string): boolean {
  return extensions.has(name.slice(name.lastIndexOf('.') + 1).toLowerCase())
}

const signatures: readonly (readonly [offset: number, text: string])[] = [
  [0, '\xff\xd8\xff'],
  [0, '\x89PNG\r\n'],
  [8, 'WEBP'],
  [0, 'GIF8'],
  [0, 'II*\0'],
  [0, 'MM\0*'],
  [4, 'ftypavif'],
]

/** Bytes by which a format is known. */
export const signatureBytes = 512

/** What a file is: a picture, one of a format that is not read, or none. */
export type FileKind = { readonly kind: 'picture' | 'foreign' } | { readonly kind: 'unread'; readonly reason: string }

/**
 * What a file is by its name, or by its first bytes where the name does not say. `start` gives them; undefined where they cannot be read.
 */
export function kindOfFile(name: string, start: () => Uint8Array | undefined): FileKind {
  if (isImageName(name)) return { kind: 'picture' }
  const known = unreadByName(name)
  // The content of such a file looks like that of another, which is only a small preview in it.
  if (known?.hidesPreview === true) return { kind: 'unread', reason: known.reason }
  const bytes = start()
  if (bytes !== undefined && isPicture(bytes)) return { kind: 'picture' }
  const reason = (bytes === undefined ? undefined : unreadByContent(bytes)) ?? known?.reason
  return reason === undefined ? { kind: 'foreign' } : { kind: 'unread', reason }
}

function isPicture(bytes: Uint8Array): boolean {
  if (unreadByContent(bytes) !== undefined) return false
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 16)).toString('latin1')
  return signatures.some(([offset, signature]) => text.startsWith(signature, offset))
}

/** The first bytes of a regular file; undefined where it cannot be read. */
export function startOfFile(path: string): Uint8Array | undefined {
  try {
    const length = Math.min(statSync(path).size, signatureBytes)
    return readRegularFileSync(path, { length, mostBytes: signatureBytes })
  } catch {
    return undefined
  }
}
