import { join } from 'node:path'
import { cacheFolder, type DownloadProgress, download } from '../download/index.js'
import { localIdx } from '../idx/local-idx.js'
import { type IdxOriginal, idxFiles } from './originals.js'

export interface FindOptions {
  /** Told of downloads. */
  readonly onProgress?: (progress: DownloadProgress) => void
}

/** No file of these sets is larger, packed. */
const largestFile = 2 ** 26

/**
 * The files of one split of an IDX set, plain or gzipped: in one of the folders, or in the cache, where they are fetched to.
 *
 * @throws ConvzooError of kind `file` that says where to put the files, if they cannot be fetched.
 */
export async function findIdx(
  name: string,
  split: 'train' | 'test',
  folders: readonly string[],
  original: IdxOriginal,
  { onProgress }: FindOptions,
): Promise<{ readonly images: string; readonly labels: string }> {
  const cache = await cacheFolder(join('datasets', name))
  const find = async (what: 'images' | 'labels'): Promise<string> => {
    const file = idxFiles[split][what]
    for (const folder of [...folders, cache]) {
      const there = await localIdx(folder, file)
      if (there !== undefined) return there
    }
    const path = join(cache, `${file}.gz`)
    await download(`${original.base}${file}.gz`, {
      path,
      maxBytes: largestFile,
      contentSha256: original.sha256[split][what],
      mend: `without a connection, put ${file}.gz into ${cache}`,
      ...(onProgress === undefined ? {} : { onProgress }),
    })
    return path
  }
  return { images: await find('images'), labels: await find('labels') }
}
