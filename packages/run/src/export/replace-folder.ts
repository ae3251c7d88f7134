import { readdir, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { ConvzooError } from '@convzoo/core'
import { printable } from '@convzoo/core/define'
import { codeOf, fileError, makeFolder, removeFolder, renameFile } from '@convzoo/files'
import { besideName } from './unchecked.js'

/**
 * Makes sure that a folder may be replaced: that it is not there, or holds nothing but what is written anew.
 *
 * @param own The names of files that are written.
 * @throws ConvzooError of kind `file` if it holds something else, or is a file.
 */
export async function requireReplaceable(path: string, own: RegExp): Promise<void> {
  const names = await namesIn(path)
  const other = names.find((name) => !own.test(name))
  if (other === undefined) return
  throw new ConvzooError({
    kind: 'file',
    message: `The folder ${printable(path)} holds more than a model that could be replaced.`,
    expected: 'a new folder, an empty one, or one that an export wrote',
    received: printable(other, 100),
    hint: 'name another folder',
  })
}

/** Puts a folder in the place of another one that may be replaced. */
export async function putFolder(from: string, path: string, own: RegExp): Promise<void> {
  await requireReplaceable(path, own)
  const old = besideName(resolve(path))
  try {
    await makeFolder(dirname(resolve(path)))
    const isThere = await renameFile(path, old).then(
      () => true,
      (cause: unknown) => {
        if (codeOf(cause) === 'ENOENT') return false
        throw cause
      },
    )
    await renameFile(from, path).catch(async (cause: unknown) => {
      if (isThere) await renameFile(old, path)
      throw cause
    })
  } catch (cause) {
    throw fileError(`${printable(path)} cannot be written`, cause)
  }
  await removeFolder(old)
}

async function namesIn(path: string): Promise<readonly string[]> {
  try {
    return await readdir(path)
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return []
    const isFile = await stat(path).then(
      (found) => !found.isDirectory(),
      () => false,
    )
    throw fileError(`${printable(path)} is no folder that can be replaced`, isFile ? new Error('a file') : cause)
  }
}
