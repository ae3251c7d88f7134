import { mkdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { Readable } from 'node:stream'
import { ConvzooError } from '@convzoo/core'
import { isUint8Array } from '@convzoo/core/define'
import { putFile, removeFile, removeFolder, renameFile } from '@convzoo/files'
import tar from 'tar-stream'
import { cifarOf } from '../cifar/index.js'
import { cacheFolder, download } from '../download/index.js'
import { gunzipped } from '../files/gunzip.js'
import { partialOf } from '../files/partial.js'
import { shortReason } from '../files/reason.js'
import type { CifarSet } from './cifar-set.js'
import type { FindOptions } from './find-idx.js'

/** No archive of the two is larger, packed or unpacked, and no file in them. */
const largestArchive = 2 ** 28
const largestUnpacked = 2 ** 29
const largestMember = 2 ** 28

/**
 * The folder of CIFAR's binary version in the cache, fetched and unpacked where it is not there.
 *
 * @throws ConvzooError of kind `file` that says where to put the folder, if it cannot be fetched.
 */
export async function findCifar({ name, url, sha256, folder }: CifarSet, { onProgress }: FindOptions): Promise<string> {
  const cache = await cacheFolder('datasets')
  const target = join(cache, folder)
  if ((await cifarOf(target)) === name) return target
  const archive = join(cache, basename(url))
  await download(url, {
    path: archive,
    maxBytes: largestArchive,
    sha256,
    hint: `without a connection, put the unpacked folder ${folder} into ${cache}`,
    ...(onProgress === undefined ? {} : { onProgress }),
  })
  await unpackFlat(archive, target)
  await removeFile(archive)
  return target
}

/** Writes an archive's regular files by the last part of their names, so that none can lie elsewhere; the folder appears whole. */
async function unpackFlat(archive: string, target: string): Promise<void> {
  const partial = partialOf(target)
  await mkdir(partial, { recursive: true })
  try {
    const extract = tar.extract()
    const source = Readable.from(gunzipped(archive, { expected: 'a .tar.gz', mostBytes: largestUnpacked }))
    source.on('error', (error: Error) => extract.destroy(error))
    source.pipe(extract)
    for await (const entry of extract) {
      const { name, type, size = 0 } = entry.header
      const file = basename(name)
      if (type === 'file' && /^[\w.]+$/.test(file) && size <= largestMember) {
        const parts: Uint8Array[] = []
        for await (const part of entry as AsyncIterable<unknown>) if (isUint8Array(part)) parts.push(part)
        await putFile(join(partial, file), Buffer.concat(parts))
      }
      entry.resume()
    }
    await renameFile(partial, target)
  } catch (cause) {
    await removeFolder(partial)
    throw new ConvzooError({
      kind: 'file',
      message: `${archive} cannot be unpacked.`,
      received: shortReason(cause),
      hint: 'remove it, so that it is fetched again',
      cause,
    })
  }
}
