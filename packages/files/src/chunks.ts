import { unreadable } from './file-error.js'
import { openRegularFile } from './regular-file.js'

/** Which part of a file is read, and as what. */
export interface ChunksOptions {
  /** What the file should be, for errors: `a gzip file`. */
  readonly expected: string
  /** Bytes from the start of the file; 0 by default. */
  readonly offset?: number
  /** Bytes that are read at once, and held. */
  readonly chunkBytes?: number
}

/**
 * The bytes of a regular file from a place on, in chunks that belong to whoever takes them, up to what the end was when it was opened.
 *
 * @throws ConvzooError of kind `file` that names the path, if it cannot be read.
 * @example
 * await pipeline(chunksOf('shard.tar.gz', { expected: 'a gzip file' }), createGunzip(), (await openForWriting('shard.tar')).createWriteStream())
 */
export async function* chunksOf(
  path: string,
  { expected, offset = 0, chunkBytes = 2 ** 16 }: ChunksOptions,
): AsyncGenerator<Buffer, void, undefined> {
  const { handle, size } = await openRegularFile(path, expected)
  try {
    for (let position = offset; position < size; ) {
      const chunk = Buffer.allocUnsafeSlow(Math.min(chunkBytes, size - position))
      const { bytesRead } = await handle.read(chunk, 0, chunk.length, position).catch((cause: unknown) => {
        throw unreadable(path, expected, cause)
      })
      if (bytesRead === 0) break
      position += bytesRead
      yield chunk.subarray(0, bytesRead)
    }
  } finally {
    await handle.close()
  }
}
