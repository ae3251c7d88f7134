import { createHash } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { ConvzooError } from '@convzoo/core'
import { printable } from '@convzoo/core/define'
import { readRegularFile, replaceFile } from '@convzoo/files'
import { cacheFolder } from './cache-folder.js'
import { type DownloadProgress, download } from './download.js'
import type { Patience } from './patience.js'

interface CachedOptions {
  readonly maxBytes: number
  readonly onProgress?: (progress: DownloadProgress) => void
  /** Told in a line when an old copy has to serve; `process.emitWarning` by default. */
  readonly onWarning?: (line: string) => void
  readonly patience?: Patience
}

/** No server's is longer. */
const longestEtag = 1024

/**
 * The path of a copy of what is at an address: fetched once, and again when the server says that it has changed. A copy serves also
 * when the server cannot be reached, or has it no more; that is said.
 *
 * @throws ConvzooError of kind `file` that names the address, if it cannot be fetched and there is no copy.
 */
export async function fetchCached(
  url: string,
  { onWarning = (line) => process.emitWarning(line), ...options }: CachedOptions,
): Promise<string> {
  const folder = await cacheFolder('downloads')
  const key = createHash('sha256').update(url).digest('hex').slice(0, 16)
  const path = join(folder, `${key}-${safeName(url)}`)
  const copy = await stat(path).catch(() => undefined)
  const etag = copy === undefined ? undefined : await readEtag(`${path}.etag`)
  try {
    const done = await download(url, {
      path,
      ...options,
      ...(etag === undefined ? {} : { headers: { 'if-none-match': etag } }),
      hint: 'check the address and the connection, or give the path of a local copy',
    })
    const received = done.etag
    if (done.fetched && received !== undefined) {
      await replaceFile(`${path}.etag`, (file) => file.writeFile(received))
    }
  } catch (error) {
    if (copy === undefined) throw error
    const why = ConvzooError.isInstance(error) ? (error.received ?? error.sentence) : String(error)
    const day = copy.mtime.toISOString().slice(0, 10)
    onWarning(
      `${printable(url)} cannot be fetched (${printable(why)}): the copy of ${day} is used, which may be out of date (${printable(path, 1000)}).`,
    )
  }
  return path
}

/** What was never written to its end, or by another hand, is no header that could be sent. */
async function readEtag(path: string): Promise<string | undefined> {
  const bytes = await readRegularFile(path, { expected: 'an etag', mostBytes: longestEtag }).catch(() => undefined)
  const text = bytes?.toString('latin1') ?? ''
  return /^[\x20-\x7e]+$/.test(text) ? text : undefined
}

/** A file name that cannot lead anywhere else. */
function safeName(url: string): string {
  return (
    basename(new URL(url).pathname)
      .replace(/[^\w.-]/g, '_')
      .slice(-80) || 'file'
  )
}
