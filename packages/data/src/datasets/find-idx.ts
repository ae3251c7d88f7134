import { join } from 'node:path'
import { cacheFolder, type DownloadProgress, download } from '../download/index.js'
import { idxFiles } from '../idx/idx-files.js'
import { localIdx } from '../idx/local-idx.js'
import type { IdxSet } from './idx-set.js'

export interface FindOptions {
  /** Told of downloads. */
  readonly onProgress?: (progress: DownloadProgress) => void
}

/** No file of these sets is larger, packed. */
const largestFile = 2 ** 26

/**
 * The files of one split of an IDX set, plain or gzipped: in one of its folders, or in the cache, where they are fetched to.
 *
 * @throws ConvzooError of kind `file` that says where to put the files, if they cannot be fetched.
 */
export async function findIdx(
  { name, folders, base, sha256 }: IdxSet,
  split: 'train' | 'test',
  { onProgress }: FindOptions,
): Promise<{ readonly images: string; readonly labels: string }> {
  const cache = await cacheFolder(join('datasets', name))
  const find = async (what: 'images' | 'labels'): Promise<string> => {
    const file = idxFiles[split][what]
    for (const folder of [...folders(), cache]) {
      const there = await localIdx(folder, file)
      if (there !== undefined) return there
    }
    const path = join(cache, `${file}.gz`)
    await download(`${base}${file}.gz`, {
      path,
      maxBytes: largestFile,
      contentSha256: sha256[split][what],
      hint: `without a connection, put ${file}.gz into ${cache}`,
      ...(onProgress === undefined ? {} : { onProgress }),
    })
    return path
  }
  return { images: await find('images'), labels: await find('labels') }
}
