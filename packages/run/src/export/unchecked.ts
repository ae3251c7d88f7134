import { randomUUID } from 'node:crypto'
import { makeFolder, removeFolder } from '@convzoo/files'

/** A name beside a path that nothing else has. */
export const besideName = (path: string): string => `${path}.${randomUUID().slice(0, 8)}.unchecked`

/**
 * Writes into a folder beside a path, so that what is wrong is never put in the place of what was there. The folder is gone afterwards.
 *
 * @param use Writes into the folder, looks at what it wrote, and puts it in its place.
 */
export async function beside<T>(path: string, use: (folder: string) => Promise<T>): Promise<T> {
  const folder = besideName(path)
  await makeFolder(folder)
  try {
    return await use(folder)
  } finally {
    await removeFolder(folder)
  }
}
