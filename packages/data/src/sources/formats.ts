import { closeSync, constants, openSync, readSync } from 'node:fs'

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

/** Whether a file is an image by its first bytes. False where it cannot be read. */
export function isImageContent(path: string): boolean {
  try {
    const file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
    try {
      const start = Buffer.alloc(16)
      const length = readSync(file, start, 0, start.length, 0)
      const text = start.subarray(0, length).toString('latin1')
      return signatures.some(([offset, signature]) => text.startsWith(signature, offset))
    } finally {
      closeSync(file)
    }
  } catch {
    return false
  }
}
