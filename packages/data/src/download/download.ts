import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { ConvzooError } from '@convzoo/core'
import { shortReason } from '../files/reason.js'

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
  readonly mend?: string
}

export interface Downloaded {
  /** False if the server says that what is there already is current. */
  readonly fetched: boolean
  readonly etag: string | undefined
}

const mostRedirects = 5

/** Milliseconds without a byte. */
const patience = 30_000

export const isUrl = (source: string): boolean => /^https?:\/\//i.test(source)

/**
 * Fetches a file: at most so many bytes and redirects, to a temporary name that is renamed when all is there and the sum is right.
 *
 * @throws ConvzooError of kind `file` that says how to do without, if it cannot be fetched.
 */
export async function download(url: string, options: DownloadOptions): Promise<Downloaded> {
  const { path, maxBytes, sha256, onProgress } = options
  const partial = `${path}.part-${process.pid}`
  const controller = new AbortController()
  let timer = setTimeout(() => controller.abort(new Error(`no answer for ${patience / 1000} s`)), patience)
  const alive = (): void => {
    clearTimeout(timer)
    timer = setTimeout(() => controller.abort(new Error(`no byte for ${patience / 1000} s`)), patience)
  }
  try {
    const response = await follow(url, options.headers ?? {}, controller.signal)
    if (response.status === 304) return { fetched: false, etag: undefined }
    if (!response.ok || response.body === null) throw new Error(`the server answers ${response.status}`)
    const length = Number(response.headers.get('content-length') ?? Number.NaN)
    const total = Number.isFinite(length) ? length : undefined
    if (total !== undefined && total > maxBytes) throw new Error(`${total} bytes, more than ${maxBytes}`)
    const hash = createHash('sha256')
    const file = await open(partial, 'w')
    let received = 0
    try {
      for await (const chunk of response.body) {
        alive()
        received += chunk.length
        if (received > maxBytes) throw new Error(`more than ${maxBytes} bytes`)
        hash.update(chunk)
        await file.write(chunk)
        onProgress?.({ url, received, total })
      }
      await file.sync()
    } finally {
      await file.close()
    }
    const encoded = response.headers.get('content-encoding') !== null
    if (total !== undefined && received !== total && !encoded) throw new Error(`${received} of ${total} bytes`)
    const sum = hash.digest('hex')
    if (sha256 !== undefined && sum !== sha256) throw new Error(`the sha256 is ${sum}, not ${sha256}`)
    if (options.contentSha256 !== undefined) await requireContent(partial, options.contentSha256, maxBytes)
    await rename(partial, path)
    return { fetched: true, etag: response.headers.get('etag') ?? undefined }
  } catch (cause) {
    await rm(partial, { force: true })
    throw new ConvzooError({
      kind: 'file',
      message: `${url} cannot be fetched.`,
      received: causeOf(cause),
      ...(options.mend === undefined ? {} : { mend: options.mend }),
      cause,
    })
  } finally {
    clearTimeout(timer)
  }
}

/** Deflate rarely packs tighter; more is refused. */
const largestExpansion = 64

async function requireContent(path: string, sha256: string, maxBytes: number): Promise<void> {
  const hash = createHash('sha256')
  let length = 0
  await pipeline(createReadStream(path), createGunzip(), async (content: AsyncIterable<Uint8Array>) => {
    for await (const chunk of content) {
      length += chunk.length
      if (length > maxBytes * largestExpansion) throw new Error('more than can be meant, unpacked')
      hash.update(chunk)
    }
  })
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
  const reason = shortReason(error)
  const cause = error instanceof Error && error.cause !== undefined ? shortReason(error.cause) : undefined
  return cause === undefined || cause === '' ? reason : `${reason}: ${cause}`
}
