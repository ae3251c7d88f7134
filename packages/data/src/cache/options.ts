import type { ConvzooError } from '@convzoo/core'
import { describeValue, unusableOption } from '@convzoo/core/define'

/** Where decoded pictures are kept. */
export const cacheKinds = ['none', 'memory', 'disk'] as const
export type CacheKind = (typeof cacheKinds)[number]

export interface CacheOptions {
  /**
   * Where decoded pictures are kept, so that later epochs need not decode them again: in memory, which all workers share, or in files
   * below the user's cache folder, where later runs find them; `none` by default. What is not kept is decoded as before.
   */
  readonly cache?: CacheKind | undefined
  /** So much is kept at most, in bytes; half of the memory or of the disk space that is free by default. */
  readonly cacheBytes?: number | undefined
  /** Told in a line what keeps the cache from being of use; `process.emitWarning` by default. */
  readonly onWarning?: ((line: string) => void) | undefined
}

/**
 * Refuses what cannot be meant.
 *
 * @throws ConvzooError of kind `option`.
 */
export function requireCache({ cache = 'none', cacheBytes }: CacheOptions): CacheKind {
  if (!cacheKinds.includes(cache)) throw unusable('cache', `one of ${cacheKinds.join(', ')}`, cache)
  if (cacheBytes === undefined) return cache
  if (cache === 'none') throw unusable('cacheBytes', 'none without a "cache"', cacheBytes)
  if (!(Number.isFinite(cacheBytes) && cacheBytes > 0)) throw unusable('cacheBytes', 'a number of bytes', cacheBytes)
  return cache
}

const unusable = (option: string, expected: string, received: unknown): ConvzooError =>
  unusableOption(`"${option}"`, { expected, received: describeValue(received) })
