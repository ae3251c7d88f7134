import { readRegularFileSync } from '@convzoo/files'

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

/** No picture is shorter. */
const startBytes = 16

/** Whether a file is an image by its first bytes. False where it cannot be read. */
export function isImageContent(path: string): boolean {
  try {
    const text = readRegularFileSync(path, { length: startBytes, mostBytes: startBytes }).toString('latin1')
    return signatures.some(([offset, signature]) => text.startsWith(signature, offset))
  } catch {
    return false
  }
}
