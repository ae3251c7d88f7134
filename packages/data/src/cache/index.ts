export { DatasetCache } from './dataset-cache.js'
export { type CacheKind, type CacheOptions, cacheKinds } from './options.js'
