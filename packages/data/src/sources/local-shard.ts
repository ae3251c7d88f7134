import { createHash } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { openForWriting, openRegularFile, readInto, removeIfFree, renameFile, unreadable } from '@convzoo/files'
import { cacheFolder, type DownloadProgress, fetchCached, isUrl } from '../download/index.js'
import { usableSpace } from '../files/free-space.js'
import { gunzipped, isGzip, mostUnpacked } from '../files/gunzip.js'
import { partialOf } from '../files/partial.js'

/** No shard is larger, unpacked. */
const largestShard = 2 ** 36

const expected = 'a tar archive, plain or gzipped'

/** Who is told of what happens on the way. */
export interface ShardEvents {
  /** Told of downloads. */
  readonly onProgress?: (progress: DownloadProgress) => void
  /** Told in a line when an old copy serves because the new one cannot be fetched; `process.emitWarning` by default. */
  readonly onWarning?: (line: string) => void
}

/** The path of a plain tar file with a shard's contents: itself, or one in the cache. */
export async function localShard(shard: string, events: ShardEvents = {}): Promise<string> {
  const path = isUrl(shard) ? await fetchCached(shard, { maxBytes: largestShard, ...events }) : resolve(shard)
  return (await isGzipped(path)) ? unpacked(path) : path
}

async function isGzipped(path: string): Promise<boolean> {
  const { handle, size } = await openRegularFile(path, expected)
  try {
    const start = new Uint8Array(Math.min(size, 2))
    await readInto(handle, start, 0)
    return isGzip(start)
  } catch (cause) {
    throw unreadable(path, expected, cause)
  } finally {
    await handle.close()
  }
}

/** What a copy is called behind its key: no more than every disk takes, in letters of four bytes. */
const shortName = (path: string): string =>
  basename(path)
    .replace(/\.t?gz$/i, '')
    .replace(/[^\p{L}\p{N}_.-]/gu, '_')
    .slice(-40)

/** Unpacks into the cache, unless the same file (path, size and time) was unpacked before. */
async function unpacked(path: string): Promise<string> {
  const { size, mtimeMs } = await stat(path)
  const key = createHash('sha256').update(`${path} ${size} ${mtimeMs}`).digest('hex').slice(0, 16)
  const target = join(await cacheFolder('unpacked'), `${key}-${shortName(path)}`)
  const there = await stat(target).catch(() => undefined)
  if (there !== undefined) return target
  const partial = partialOf(target)
  try {
    const mostBytes = Math.min(largestShard, mostUnpacked(size), await usableSpace(dirname(target)))
    await pipeline(gunzipped(path, { expected, mostBytes }), (await openForWriting(partial)).createWriteStream())
    await renameFile(partial, target)
    return target
  } catch (cause) {
    await removeIfFree(partial)
    // Windows replaces no file that another process reads: it has unpacked the same meanwhile.
    if ((await stat(target).catch(() => undefined)) !== undefined) return target
    throw unreadable(path, expected, cause)
  }
}
