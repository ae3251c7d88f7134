import { createHash } from 'node:crypto'
import { readFile, stat, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { cacheFolder } from './cache-folder.js'
import { type DownloadProgress, download } from './download.js'

interface CachedOptions {
  readonly maxBytes: number
  readonly onProgress?: (progress: DownloadProgress) => void
}

/**
 * The path of a copy of what is at an address: fetched once, and again when the server says that it has changed. A copy serves also
 * when the server cannot be reached.
 */
export async function fetchCached(url: string, options: CachedOptions): Promise<string> {
  const folder = await cacheFolder('downloads')
  const key = createHash('sha256').update(url).digest('hex').slice(0, 16)
  const path = join(folder, `${key}-${safeName(url)}`)
  const etagPath = `${path}.etag`
  const there = (await stat(path).catch(() => undefined)) !== undefined
  const etag = there ? await readFile(etagPath, 'utf8').catch(() => undefined) : undefined
  try {
    const done = await download(url, {
      path,
      ...options,
      ...(etag === undefined ? {} : { headers: { 'if-none-match': etag } }),
      mend: 'check the address and the connection, or give the path of a local copy',
    })
    if (done.fetched && done.etag !== undefined) await writeFile(etagPath, done.etag)
  } catch (error) {
    if (!there) throw error
  }
  return path
}

/** A file name that cannot lead anywhere else. */
function safeName(url: string): string {
  return (
    basename(new URL(url).pathname)
      .replace(/[^\w.-]/g, '_')
      .slice(-80) || 'file'
  )
}
