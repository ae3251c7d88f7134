import { DiskCache, type DiskCacheStart } from './disk-cache.js'
import type { PictureCache } from './kept-picture.js'
import { MemoryCache } from './memory-cache.js'
import { Room } from './room.js'

/** What a worker must know to keep pictures. */
export type CacheStart = { readonly kind: 'memory'; readonly room: SharedArrayBuffer } | DiskCacheStart

export function pictureCacheOf(start: CacheStart): PictureCache {
  const room = new Room(start.room)
  return start.kind === 'memory' ? new MemoryCache(room) : new DiskCache(start, room)
}
