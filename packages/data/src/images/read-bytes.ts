import { readRegularFileSync } from '@convzoo/files'
import type { ImageReference } from './reference.js'
import { unreadByContent } from './unread-formats.js'

/** No photograph is larger; what is, is no reason to fill the memory. */
const largestImageFile = 2 ** 28

/**
 * The bytes of an image. For a worker thread: it blocks.
 *
 * @throws Error that says why in a few words.
 */
export function readBytes({ path, offset, length }: Omit<ImageReference, 'name' | 'label'>): Buffer {
  const bytes = readRegularFileSync(path, {
    mostBytes: largestImageFile,
    ...(offset === undefined ? {} : { offset }),
    ...(length === undefined ? {} : { length }),
  })
  // Whatever its name says: telephones call HEIC files .jpg, and a decoder would only say that it does not know them.
  const reason = unreadByContent(bytes)
  if (reason !== undefined) throw new Error(reason)
  return bytes
}
