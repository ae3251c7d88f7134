import { mkdir } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { ConvzooError } from '@convzoo/core'
import { openForWriting, reasonOf } from '@convzoo/files'
import { openPromise } from 'yauzl'
import { linkError } from './errors.js'
import { buildInfo, type Libraries, libraries } from './library.js'

/** What of a wheel linking needs: headers for the compiler; libraries and their description to stay. */
const isHeader = (name: string): boolean => /^tensorflow\/include\/(tensorflow|tsl|xla)\/.*\.h$/.test(name)
const isKept = (name: string): boolean => [...libraries, buildInfo].some((path) => name === `tensorflow/${path}`)

/**
 * Unpacks a TensorFlow wheel's C headers into `headers` and its libraries into `kept`, each under `tensorflow/`.
 *
 * @throws ConvzooError of kind `engine` that names the wheel, if it is damaged or there is no room for it.
 */
export async function unpackWheel(wheel: string, headers: string, kept: string): Promise<Libraries> {
  try {
    await unpack(wheel, headers, kept)
  } catch (cause) {
    if (ConvzooError.isInstance(cause)) throw cause
    throw linkError({
      message: `${wheel} cannot be unpacked.`,
      expected: 'a wheel of tensorflow or tensorflow-cpu',
      received: reasonOf(cause),
      hint: 'fetch it again: it may not have been written to its end',
      cause,
    })
  }
  return { folder: join(kept, 'tensorflow'), include: join(headers, 'tensorflow', 'include') }
}

async function unpack(wheel: string, headers: string, kept: string): Promise<void> {
  const zip = await openPromise(wheel, { lazyEntries: true })
  for await (const entry of zip.eachEntry()) {
    const name = entry.fileName
    const into = isHeader(name) ? headers : isKept(name) ? kept : undefined
    if (into === undefined) continue
    const path = resolve(into, name)
    await mkdir(dirname(path), { recursive: true })
    await pipeline(await zip.openReadStreamPromise(entry), (await openForWriting(path)).createWriteStream())
  }
}
