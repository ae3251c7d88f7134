import { mkdir, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { fileError } from './file-error.js'
import { requireNamesOfSystem } from './names.js'
import { requirePath } from './path.js'
import { codeOf } from './reason.js'

/**
 * Makes a folder and those above it, where they are not there. Node.js's own recursive `mkdir` never ends where the system refuses a
 * folder as if its parent were missing, as below `/proc`.
 *
 * @throws ConvzooError of kind `option` if the path is none, of kind `file` that names the folder, if it cannot be made.
 */
export async function makeFolder(path: string): Promise<void> {
  requirePath('makeFolder', path)
  requireNamesOfSystem(path)
  try {
    const missing: string[] = []
    for (let folder = resolve(path); !(await isFolder(folder)); folder = dirname(folder)) missing.push(folder)
    for (const folder of missing.reverse()) await makeOne(folder)
  } catch (cause) {
    throw fileError(`The folder ${path} cannot be made`, cause)
  }
}

async function makeOne(folder: string): Promise<void> {
  try {
    await mkdir(folder)
  } catch (error) {
    // Another process may have made it in between; a file or a link to nothing may be in its place.
    if (codeOf(error) !== 'EEXIST' || !(await isFolder(folder))) throw error
  }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory()
  } catch (error) {
    if (dirname(path) !== path && ['ENOENT', 'ENOTDIR'].includes(codeOf(error) ?? '')) return false
    throw error
  }
}
