import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { ConvzooError } from '@convzoo/core'
import { chunksOf } from '@convzoo/files'
import { shortReason } from './reason.js'

/** What grows more is no set of pictures, which hardly compress, but a trap; what is small may grow as it likes. */
const largestGrowth = 20
const alwaysAllowed = 2 ** 26

/** Bytes that a gzip file of so many bytes may unpack to. */
export const mostUnpacked = (packed: number): number => alwaysAllowed + largestGrowth * packed

/** Whether a file is gzipped, by its first two bytes. */
export const isGzip = ([first, second]: Uint8Array): boolean => first === 0x1f && second === 0x8b

export interface GunzipOptions {
  /** What the file should be, for errors. */
  readonly expected: string
  /** Bytes, unpacked. */
  readonly mostBytes: number
}

/**
 * What a gzip file holds, in chunks. As much is unpacked as is taken.
 *
 * @throws ConvzooError of kind `file` that names the file, if it cannot be read, is damaged, or holds more than `mostBytes`.
 */
export async function* gunzipped(
  path: string,
  { expected, mostBytes }: GunzipOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  const unpacking = createGunzip({ chunkSize: 2 ** 18 })
  const feeding = pipeline(chunksOf(path, { expected, chunkBytes: 2 ** 18 }), unpacking).catch(() => undefined)
  let length = 0
  try {
    for await (const chunk of unpacking as AsyncIterable<Uint8Array>) {
      length += chunk.length
      if (length > mostBytes) throw unpacksTooFar(path, mostBytes, `more than ${mostBytes} bytes`)
      yield chunk
    }
  } catch (cause) {
    throw ConvzooError.isInstance(cause) ? cause : damaged(path, cause)
  } finally {
    unpacking.destroy()
    await feeding
  }
}

/** An error for a gzip file that holds, or would hold, more than can be meant. */
export function unpacksTooFar(path: string, most: number, received: string): ConvzooError {
  return new ConvzooError({
    kind: 'file',
    message: `${path} unpacks to more than can be meant.`,
    expected: `at most ${most} bytes: ${largestGrowth} times what it has packed and 64 MB, and what there is room for`,
    received,
    hint: 'if you know what it holds, unpack it yourself and give the plain file',
  })
}

function damaged(path: string, cause: unknown): ConvzooError {
  return new ConvzooError({
    kind: 'file',
    message: `${path} is gzipped, but cannot be unpacked.`,
    expected: 'a complete gzip file',
    received: shortReason(cause),
    hint: 'fetch the file again: it is damaged or was not written to its end',
    cause,
  })
}
