import { ConvzooError } from '@convzoo/core'
import { requireArguments, text } from '@convzoo/core/define'
import { chunksOf, openRegularFile, readInto, unreadable } from '@convzoo/files'
import { ByteReader } from '../files/byte-reader.js'
import { gunzipped, isGzip, mostUnpacked, unpacksTooFar } from '../files/gunzip.js'
import {
  formatParts,
  type IdxArray,
  type IdxFormat,
  type IdxHeader,
  largestFile,
  parseHeader,
  requireLength,
  trailing,
  truncated,
} from './idx.js'

const expected = 'an IDX file, plain or gzipped'

/** The first elements of an IDX file's first axis. */
export interface IdxStart extends IdxArray {
  /** How many the whole file has, by its header. */
  readonly total: number
}

/**
 * Reads an IDX file of unsigned bytes, plain or gzipped (told by its first bytes, not by its name). What the header claims is
 * checked against the size of the file before memory is taken for it; a gzipped file may hold 64 MB and 20 times its size.
 *
 * @throws ConvzooError of kind `file`, naming the file, if it cannot be read, is not such a file, or is damaged.
 * @example
 * const { shape, data } = await readIdx('train-images-idx3-ubyte.gz', { dimensions: 3 }) // shape [60000, 28, 28]
 */
export async function readIdx(path: string, format: IdxFormat = {}): Promise<IdxArray> {
  requireArguments('readIdx', { path: [text, path] })
  formatParts.parse('readIdx', format)
  const { shape, data } = await readIdxStart(path, format)
  return { shape, data }
}

/**
 * Reads the first `limit` elements of an IDX file's first axis: no more is read, unpacked or held, however large the file is.
 *
 * @throws ConvzooError of kind `file`, as `readIdx`.
 */
export async function readIdxStart(
  path: string,
  format: IdxFormat,
  limit = Number.POSITIVE_INFINITY,
): Promise<IdxStart> {
  const { size, isGzipped } = await looked(path)
  const mostBytes = mostUnpacked(size)
  const reader = new ByteReader(
    isGzipped ? gunzipped(path, { expected, mostBytes }) : chunksOf(path, { expected, chunkBytes: 2 ** 18 }),
  )
  try {
    const header = await readHeader(reader, path, format)
    if (!isGzipped) requireLength(path, header.fileLength, size)
    // However little of it is wanted: whether a file can be meant is a matter of the file alone.
    else if (header.fileLength > mostBytes) {
      throw unpacksTooFar(path, mostBytes, `${header.fileLength} bytes, by its header`)
    }
    const [total = 0, ...lengths] = header.shape
    const count = Math.min(limit, total)
    const wanted = lengths.reduce((product, length) => product * length, count)
    const data = roomFor(path, wanted)
    const filled = await reader.fill(data)
    if (filled < wanted) throw truncated(path, header.fileLength, header.headerLength + filled)
    if (count === total && (await reader.fill(new Uint8Array(1))) > 0) {
      throw trailing(path, header.fileLength, 'more of them')
    }
    return { shape: [count, ...lengths], data, total }
  } finally {
    await reader.close()
  }
}

async function looked(path: string): Promise<{ readonly size: number; readonly isGzipped: boolean }> {
  const { handle, size } = await openRegularFile(path, expected)
  try {
    const start = new Uint8Array(Math.min(size, 2))
    await readInto(handle, start, 0)
    return { size, isGzipped: isGzip(start) }
  } catch (cause) {
    throw unreadable(path, expected, cause)
  } finally {
    await handle.close()
  }
}

/** Its fourth byte says how long it is. */
async function readHeader(reader: ByteReader, path: string, format: IdxFormat): Promise<IdxHeader> {
  const magic = new Uint8Array(4)
  const length = await reader.fill(magic)
  const lengths = new Uint8Array(4 * (magic[3] ?? 0))
  const more = length === 4 ? await reader.fill(lengths) : 0
  return parseHeader(Buffer.concat([magic.subarray(0, length), lengths.subarray(0, more)]), path, format)
}

function roomFor(path: string, bytes: number): Uint8Array {
  try {
    if (bytes <= largestFile) return new Uint8Array(bytes)
  } catch {
    // There is not so much memory: the error below.
  }
  throw new ConvzooError({
    kind: 'file',
    message: `${path} is too large to be held in memory at once.`,
    expected: `at most ${largestFile} bytes, and as many as there is memory for`,
    received: `${bytes} bytes`,
    hint: 'read fewer samples, by the option "limit" (--limit)',
  })
}
