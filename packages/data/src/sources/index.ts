export { imageFolder } from './image-folder.js'
export { type ManifestOptions, manifest } from './manifest.js'
export { type ImageSplits, type SplitOptions, splitListing } from './splits.js'
export { type TarShardOptions, tarShards } from './tar-shards.js'
