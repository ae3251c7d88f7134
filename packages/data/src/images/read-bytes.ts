import { readRegularFileSync } from '@convzoo/files'
import type { ImageReference } from './reference.js'

/** No photograph is larger; what is, is no reason to fill the memory. */
const largestImageFile = 2 ** 28

/**
 * The bytes of an image. For a worker thread: it blocks.
 *
 * @throws Error that says why in a few words.
 */
export function readBytes({ path, offset, length }: Omit<ImageReference, 'name' | 'label'>): Buffer {
  return readRegularFileSync(path, {
    mostBytes: largestImageFile,
    ...(offset === undefined ? {} : { offset }),
    ...(length === undefined ? {} : { length }),
  })
}
