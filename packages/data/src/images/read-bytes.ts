import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import type { ImageReference } from './reference.js'

/** No photograph is larger; what is, is no reason to fill the memory. */
const largestImageFile = 2 ** 28

/**
 * The bytes of an image. For a worker thread: it blocks. Anything but a regular file is refused, since reading a pipe or a device may
 * never end.
 *
 * @throws Error that says why in a few words.
 */
export function readBytes({ path, offset = 0, length }: Omit<ImageReference, 'name' | 'label'>): Buffer {
  const file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  try {
    const status = fstatSync(file)
    if (!status.isFile()) throw new Error('not a regular file')
    const wanted = length ?? status.size - offset
    if (wanted > largestImageFile) throw new Error(`${wanted} bytes, more than ${largestImageFile}`)
    if (wanted <= 0) throw new Error('empty file')
    const bytes = Buffer.allocUnsafeSlow(wanted)
    let filled = 0
    while (filled < wanted) {
      const read = readSync(file, bytes, filled, wanted - filled, offset + filled)
      if (read === 0) break
      filled += read
    }
    if (filled < wanted) throw new Error(`${filled} of ${wanted} bytes: the file has become shorter`)
    return bytes
  } finally {
    closeSync(file)
  }
}
