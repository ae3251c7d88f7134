import { type FileHandle, open } from 'node:fs/promises'
import { promisify } from 'node:util'
import { constants, gunzip, gunzipSync, type ZlibOptions } from 'node:zlib'
import { ConvzooError } from '@convzoo/core'
import { unreadable } from '@convzoo/files'
import {
  type IdxArray,
  type IdxFormat,
  largestFile,
  longestHeader,
  parseHeader,
  parseIdx,
  requireLength,
  trailing,
  truncated,
} from './idx.js'

const gunzipAsync = promisify<Uint8Array, ZlibOptions, Buffer>(gunzip)

/** Deflate cannot expand more than this: 258 bytes in two bits. */
const largestExpansion = 1032

/**
 * Reads an IDX file of unsigned bytes, plain or gzipped (told by its first bytes, not by its name). What the header claims is
 * checked against the size of the file before memory is taken for it.
 *
 * @throws ConvzooError of kind `file`, naming the file, if it cannot be read, is not such a file, or is damaged.
 * @example
 * const { shape, data } = await readIdx('train-images-idx3-ubyte.gz', { dimensions: 3 }) // shape [60000, 28, 28]
 */
export async function readIdx(path: string, format: IdxFormat = {}): Promise<IdxArray> {
  const handle = await open(path).catch((cause: unknown) => {
    throw unreadable(path, 'the path of an IDX file', cause)
  })
  try {
    return await readOpened(handle, path, format)
  } catch (cause) {
    throw ConvzooError.isInstance(cause) ? cause : unreadable(path, 'the path of an IDX file', cause)
  } finally {
    await handle.close()
  }
}

async function readOpened(handle: FileHandle, path: string, format: IdxFormat): Promise<IdxArray> {
  const { size } = await handle.stat()
  const start = await readBytes(handle, Math.min(size, longestHeader))
  if (start[0] === 0x1f && start[1] === 0x8b) {
    requireBounded(path, size)
    return readGzipped(await readBytes(handle, size), path, format)
  }
  const { fileLength } = parseHeader(start, path, format)
  requireLength(path, fileLength, size)
  requireBounded(path, fileLength)
  return parseIdx(await readBytes(handle, fileLength), path, format)
}

async function readGzipped(compressed: Uint8Array, path: string, format: IdxFormat): Promise<IdxArray> {
  const { fileLength } = parseHeader(firstContent(compressed, path), path, format)
  requireBounded(path, fileLength)
  const most = compressed.length * largestExpansion
  if (fileLength > most) throw truncated(path, fileLength, most)
  const content = await gunzipAsync(compressed, { maxOutputLength: fileLength }).catch((cause: unknown) => {
    throw isCode(cause, 'ERR_BUFFER_TOO_LARGE') ? trailing(path, fileLength, 'more of them') : damaged(path, cause)
  })
  return parseIdx(content, path, format)
}

/** As much of the content as the first bytes of the compressed file give: enough for the header. */
function firstContent(compressed: Uint8Array, path: string): Uint8Array {
  try {
    return gunzipSync(compressed.subarray(0, longestHeader), { finishFlush: constants.Z_SYNC_FLUSH })
  } catch (cause) {
    throw damaged(path, cause)
  }
}

async function readBytes(handle: FileHandle, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length)
  let filled = 0
  while (filled < length) {
    const { bytesRead } = await handle.read(bytes, filled, length - filled, filled)
    if (bytesRead === 0) break
    filled += bytesRead
  }
  return bytes.subarray(0, filled)
}

function requireBounded(path: string, length: number): void {
  if (length <= largestFile) return
  throw new ConvzooError({
    kind: 'file',
    message: `${path} is too large to be held in memory at once.`,
    expected: `at most ${largestFile} bytes`,
    received: `${length} bytes`,
  })
}

function damaged(path: string, cause: unknown): ConvzooError {
  return new ConvzooError({
    kind: 'file',
    message: `${path} is gzipped, but cannot be unpacked.`,
    expected: 'a complete gzip file',
    received: reason(cause),
    mend: 'fetch the file again: it is damaged or was not written to its end',
    cause,
  })
}

const reason = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause))

const isCode = (cause: unknown, code: string): boolean =>
  cause instanceof Error && 'code' in cause && cause.code === code
