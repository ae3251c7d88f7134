import { createHash } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { ConvzooError } from '@convzoo/core'
import { isError } from '@convzoo/core/define'
import { openForWriting, removeIfFree, renameFile } from '@convzoo/files'
import { usableSpace } from '../files/free-space.js'
import { gunzipped, mostUnpacked } from '../files/gunzip.js'
import { partialOf } from '../files/partial.js'
import { shortReason } from '../files/reason.js'
import { type Patience, usualPatience, Watch } from './patience.js'

export interface DownloadProgress {
  readonly url: string
  readonly received: number
  /** Where the server says it. */
  readonly total: number | undefined
}

export interface DownloadOptions {
  /** Where the file goes; it appears there whole or not at all. */
  readonly path: string
  readonly maxBytes: number
  /** In hexadecimal. */
  readonly sha256?: string
  /** The same of what a gzipped file holds. */
  readonly contentSha256?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly onProgress?: (progress: DownloadProgress) => void
  /** What to do by hand if it cannot be fetched. */
  readonly hint?: string
  readonly patience?: Patience
}

export interface Downloaded {
  /** False if the server says that what is there already is current. */
  readonly fetched: boolean
  readonly etag: string | undefined
}

const mostRedirects = 5

export const isUrl = (source: string): boolean => /^https?:\/\//i.test(source)

/**
 * Fetches a file: at most so many bytes and redirects, in no longer than patience allows, to a temporary name that is renamed when all is
 * there and the sum is right.
 *
 * @throws ConvzooError of kind `file` that says how to do without, if it cannot be fetched.
 */
export async function download(url: string, options: DownloadOptions): Promise<Downloaded> {
  const { path, sha256, contentSha256, patience = usualPatience } = options
  const partial = partialOf(path)
  const controller = new AbortController()
  const watch = new Watch(patience, (reason) => controller.abort(reason))
  try {
    // Packed once more, a file is another one, and how large it becomes is not known.
    const headers = { 'accept-encoding': 'identity', ...options.headers }
    const response = await follow(url, headers, controller.signal)
    if (response.status === 304 && options.headers !== undefined) return { fetched: false, etag: undefined }
    if (!response.ok || response.body === null) {
      await response.body?.cancel()
      throw new Error(`the server answers ${response.status}`)
    }
    watch.begun()
    const sum = await save(response, response.body, partial, watch, { url, ...options })
    if (sha256 !== undefined && sum !== sha256) throw new Error(`the sha256 is ${sum}, not ${sha256}`)
    if (contentSha256 !== undefined) await requireContent(partial, contentSha256)
    await renameFile(partial, path)
    return { fetched: true, etag: response.headers.get('etag') ?? undefined }
  } catch (cause) {
    await removeIfFree(partial)
    // What is still under way is of no use any more.
    controller.abort()
    throw new ConvzooError({
      kind: 'file',
      message: `${url} cannot be fetched.`,
      received: causeOf(cause),
      ...(options.hint === undefined ? {} : { hint: options.hint }),
      cause,
    })
  } finally {
    watch.end()
  }
}

/** Writes what a server sends to a file, and gives its sum. */
async function save(
  { headers }: Response,
  body: AsyncIterable<Uint8Array>,
  path: string,
  watch: Watch,
  { url, maxBytes, onProgress }: DownloadOptions & { readonly url: string },
): Promise<string> {
  const length = Number(headers.get('content-length') ?? Number.NaN)
  const total = Number.isFinite(length) ? length : undefined
  const isEncoded = headers.get('content-encoding') !== null
  const allowed = isEncoded && total !== undefined ? Math.min(maxBytes, mostUnpacked(total)) : maxBytes
  if (total !== undefined && total > maxBytes) throw new Error(`${total} bytes, more than ${maxBytes}`)
  const space = await usableSpace(dirname(path))
  if (total !== undefined && total > space) throw new Error(`${total} bytes, for which there is no room on the disk`)
  const hash = createHash('sha256')
  let received = 0
  const counted = async function* (): AsyncGenerator<Uint8Array> {
    for await (const chunk of body) {
      watch.came(chunk.length)
      received += chunk.length
      if (received > allowed) throw new Error(`more than ${allowed} bytes`)
      if (received > space) throw new Error('more bytes than there is room for on the disk')
      hash.update(chunk)
      yield chunk
      onProgress?.({ url, received, total })
    }
  }
  await pipeline(counted, (await openForWriting(path)).createWriteStream({ flush: true }))
  if (total !== undefined && received !== total && !isEncoded) throw new Error(`${received} of ${total} bytes`)
  return hash.digest('hex')
}

async function requireContent(path: string, sha256: string): Promise<void> {
  const { size } = await stat(path)
  const hash = createHash('sha256')
  for await (const chunk of gunzipped(path, { expected: 'a gzip file', mostBytes: mostUnpacked(size) })) {
    hash.update(chunk)
  }
  const sum = hash.digest('hex')
  if (sum !== sha256) throw new Error(`the sha256 of its content is ${sum}, not ${sha256}`)
}

/** Redirects are followed by hand: few, to http and https only, and never from https to http. */
async function follow(url: string, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<Response> {
  let address = new URL(url)
  for (let redirects = 0; redirects <= mostRedirects; redirects++) {
    const response = await fetch(address, { redirect: 'manual', headers, signal })
    const location = response.headers.get('location')
    if (response.status < 300 || response.status >= 400 || response.status === 304 || location === null) return response
    await response.body?.cancel()
    const next = new URL(location, address)
    if (!isUrl(next.href)) throw new Error(`a redirect to ${next.protocol}`)
    if (address.protocol === 'https:' && next.protocol !== 'https:') throw new Error('a redirect from https to http')
    address = next
  }
  throw new Error(`more than ${mostRedirects} redirects`)
}

/** `fetch failed` says little; its cause says why. */
function causeOf(error: unknown): string {
  if (ConvzooError.isInstance(error)) return `${error.sentence} ${error.received ?? ''}`.trim()
  const reason = shortReason(error)
  const cause = isError(error) && error.cause !== undefined ? shortReason(error.cause) : undefined
  return cause === undefined || cause === '' ? reason : `${reason}: ${cause}`
}
