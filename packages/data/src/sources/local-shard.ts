import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { open, rename, rm, stat } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { ConvzooError } from '@convzoo/core'
import { unreadable } from '@convzoo/files'
import { cacheFolder, type DownloadProgress, fetchCached, isUrl } from '../download/index.js'
import { shortReason } from '../files/reason.js'

/** No shard is larger, unpacked. */
const largestShard = 2 ** 36

/** The path of a plain tar file with a shard's contents: itself, or one in the cache. */
export async function localShard(
  shard: string,
  onProgress: ((progress: DownloadProgress) => void) | undefined,
): Promise<string> {
  const path = isUrl(shard)
    ? await fetchCached(shard, { maxBytes: largestShard, ...(onProgress === undefined ? {} : { onProgress }) })
    : resolve(shard)
  return (await isGzipped(path)) ? unpacked(path) : path
}

async function isGzipped(path: string): Promise<boolean> {
  try {
    const file = await open(path)
    try {
      const start = new Uint8Array(2)
      await file.read(start, 0, 2, 0)
      return start[0] === 0x1f && start[1] === 0x8b
    } finally {
      await file.close()
    }
  } catch (cause) {
    throw unreadable(path, 'a tar archive, plain or gzipped', cause)
  }
}

/** Unpacks into the cache, unless the same file (path, size and time) was unpacked before. */
async function unpacked(path: string): Promise<string> {
  const { size, mtimeMs } = await stat(path)
  const key = createHash('sha256').update(`${path} ${size} ${mtimeMs}`).digest('hex').slice(0, 16)
  const target = join(await cacheFolder('unpacked'), `${key}-${basename(path).replace(/\.t?gz$/, '')}`)
  const there = await stat(target).catch(() => undefined)
  if (there !== undefined) return target
  const partial = `${target}.part-${process.pid}`
  let length = 0
  const bound = new Transform({
    transform(chunk: Uint8Array, _, done) {
      length += chunk.length
      done(length > largestShard ? new Error(`more than ${largestShard} bytes unpacked`) : null, chunk)
    },
  })
  try {
    await pipeline(createReadStream(path), createGunzip(), bound, createWriteStream(partial))
    await rename(partial, target)
    return target
  } catch (cause) {
    await rm(partial, { force: true })
    throw new ConvzooError({
      kind: 'file',
      message: `${path} is gzipped, but cannot be unpacked.`,
      expected: 'a complete gzip file',
      received: shortReason(cause),
      mend: 'fetch the file again: it is damaged or was not written to its end',
      cause,
    })
  }
}
