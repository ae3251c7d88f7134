export { cacheFolder, cachePath } from './cache-folder.js'
export { type DownloadProgress, download, isUrl } from './download.js'
export { fetchCached } from './fetch-cached.js'
