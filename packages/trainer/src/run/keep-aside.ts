import { link } from 'node:fs/promises'
import { codeOf, copyToNew, fileError } from '@convzoo/files'

/** Names that are tried; a file that was damaged more often is looked at by someone. */
const mostKept = 1000

/**
 * Keeps a damaged file under a name beside it, which it says: whatever replaces the file, this stays.
 *
 * @throws ConvzooError of kind `file` if it cannot be kept.
 */
export async function keepAside(path: string): Promise<string> {
  for (let number = 1; ; number++) {
    const aside = `${path}.damaged-${number}`
    try {
      // At once, however large it is. Not every system of files has links.
      await link(path, aside).catch(async (error: unknown) => {
        if (codeOf(error) === 'EEXIST') throw error
        await copyToNew(path, aside)
      })
      return aside
    } catch (cause) {
      if (codeOf(cause) !== 'EEXIST' || number >= mostKept) throw fileError(`${path} cannot be kept as ${aside}`, cause)
    }
  }
}
