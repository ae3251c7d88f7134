import { readdir, stat, statfs } from 'node:fs/promises'
import { freemem } from 'node:os'
import { join } from 'node:path'
import { removeIfFree } from '@convzoo/files'
import { cacheFolder, cachePath } from '../download/index.js'
import { isAbandoned } from '../files/partial.js'
import { shortReason } from '../files/reason.js'
import type { CacheKind } from './options.js'
import type { CacheStart } from './picture-cache.js'
import { Room } from './room.js'

/** What the folder is called below the user's cache folder. */
const name = 'pictures'

/** A cache, ready for workers. */
export interface OpenedCache {
  readonly start: CacheStart
  /** So much is kept at most. */
  readonly bytes: number
  /** Where the files are. */
  readonly folder?: string
  /** Why nothing can be kept. */
  readonly trouble?: string
}

/**
 * Makes room for a cache.
 *
 * @param maker What of the decoder and its settings makes pictures what they are.
 */
export async function openCache(
  kind: Exclude<CacheKind, 'none'>,
  limit: number | undefined,
  maker: string,
): Promise<OpenedCache> {
  if (kind === 'memory') {
    const bytes = limit ?? freeMemory() / 2
    return { start: { kind, room: new Room(bytes).shared }, bytes }
  }
  try {
    const folder = await cacheFolder(name)
    const used = await bytesBelow(folder)
    const bytes = limit ?? (used + (await freeSpace(folder))) / 2
    return { start: { kind, folder, maker, room: new Room(Math.max(bytes - used, 0)).shared }, bytes, folder }
  } catch (error) {
    const room = new Room(0)
    room.close()
    return {
      start: { kind: 'memory', room: room.shared },
      bytes: 0,
      folder: cachePath(name),
      trouble: shortReason(error),
    }
  }
}

/** What the process may still take, where a container bounds it too. Versions of Node.js that cannot say know the system's. */
const freeMemory = (): number => ('availableMemory' in process ? process.availableMemory() : freemem())

async function freeSpace(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder)
  return bavail * bsize
}

/** Names are hashes: when so many were counted, the folders that are left hold about as much each. */
const enough = 4096

async function bytesBelow(folder: string): Promise<number> {
  const parts = (await readdir(folder)).filter((name) => /^[0-9a-f]{2}$/.test(name))
  let [bytes, files, seen] = [0, 0, 0]
  for (const part of parts) {
    for (const name of await readdir(join(folder, part))) {
      const path = join(folder, part, name)
      const status = await stat(path).catch(() => undefined)
      if (status === undefined) continue
      if (isAbandoned(name, status.mtimeMs)) await removeIfFree(path)
      else bytes += status.size
      files++
    }
    seen++
    if (files >= enough) break
  }
  return seen === 0 ? 0 : (bytes * parts.length) / seen
}
