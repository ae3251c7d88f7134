import { homedir } from 'node:os'
import { join } from 'node:path'
import { makeFolder } from '@convzoo/files'
import { removeAbandoned } from '../files/partial.js'

/**
 * A folder for what can be made or fetched again: below `CONVZOO_CACHE`, or `convzoo` in the user's cache folder. Made if it is not
 * there; what killed processes left half made in it is removed after an hour.
 *
 * @throws ConvzooError of kind `file` that names the folder, if it cannot be made.
 */
export async function cacheFolder(name: string): Promise<string> {
  const folder = cachePath(name)
  await makeFolder(folder)
  await removeAbandoned(folder)
  return folder
}

/** Where that folder is, or would be. */
export const cachePath = (name: string): string => join(cacheRoot(), name)

function cacheRoot(): string {
  const { CONVZOO_CACHE, XDG_CACHE_HOME } = process.env
  if (CONVZOO_CACHE !== undefined && CONVZOO_CACHE !== '') return CONVZOO_CACHE
  return join(
    XDG_CACHE_HOME === undefined || XDG_CACHE_HOME === '' ? join(homedir(), '.cache') : XDG_CACHE_HOME,
    'convzoo',
  )
}
