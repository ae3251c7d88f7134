import { readRegularFileSync } from '@convzoo/files'
import type { RowImage } from './reference.js'
import { unreadByContent } from './unread-formats.js'

/** No photograph is larger; what is, is no reason to fill the memory. */
const largestImageFile = 2 ** 28

/** Larger files are read into memory of their own. */
const largestRoom = 2 ** 22

let room = Buffer.alloc(0)

/** Memory that is used again and again: to take it anew for each image costs as much as reading it. */
function sharedRoom(bytes: number): Buffer {
  if (bytes > largestRoom) return Buffer.allocUnsafeSlow(bytes)
  if (room.length < bytes) room = Buffer.allocUnsafeSlow(Math.min(2 * bytes, largestRoom))
  return room.subarray(0, bytes)
}

/** The same as {@link readBytes}, good until the next call. */
export function readPassingBytes(image: Omit<RowImage, 'name' | 'label'>): Buffer {
  return readBytes(image, sharedRoom)
}

/**
 * The bytes of an image. For a worker thread: it blocks.
 *
 * @throws Error that says why in a few words.
 */
export function readBytes(image: Omit<RowImage, 'name' | 'label'>, roomFor?: (bytes: number) => Buffer): Buffer {
  const bytes = image.bytes === undefined ? readFile(image, roomFor) : bufferOver(image.bytes)
  // Whatever its name says: telephones call HEIC files .jpg, and a decoder would only say that it does not know them.
  const reason = unreadByContent(bytes)
  if (reason !== undefined) throw new Error(reason)
  return bytes
}

function readFile(
  { path, offset, length }: Omit<RowImage, 'name' | 'label'>,
  roomFor?: (bytes: number) => Buffer,
): Buffer {
  return readRegularFileSync(path, {
    mostBytes: largestImageFile,
    ...(offset === undefined ? {} : { offset }),
    ...(length === undefined ? {} : { length }),
    ...(roomFor === undefined ? {} : { roomFor }),
  })
}

/** The same memory. */
const bufferOver = ({ buffer, byteOffset, byteLength }: Uint8Array): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength)
