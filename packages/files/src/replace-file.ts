import { type FileHandle, link, open, readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { threadId } from 'node:worker_threads'
import { copyToNew, openForWriting, removeIfFree, renameFile } from './changing.js'
import { fileError } from './file-error.js'
import { makeFolder } from './make-folder.js'
import { requireNamesOfSystem } from './names.js'
import { requirePath } from './path.js'

/** Names of files that are being written, or were when their process ended: of the process, and of a place in it. */
const temporary = /\.\d+(?:-\d+-\d+)?\.tmp$/

let written = 0

/** A name that no other writing has, in whatever thread of whatever process. */
const unfinishedName = (path: string): string => `${path}.${process.pid}-${threadId}-${written++}.tmp`

/** Whether a file of this name is one that was never finished. */
export const isUnfinished = (name: string): boolean => temporary.test(name)

/**
 * Writes a file so that at every moment the old one or the new one is there in whole: written under a temporary name in the same
 * folder, synced, renamed, the folder synced. If writing fails, nothing of it stays. Of several at once, the last one to end stays.
 *
 * @throws ConvzooError of kind `option` if the path is none, of kind `file` if the system refuses, such as for want of room; what `write` throws otherwise.
 *
 * @example
 * await replaceFile('notes/result.json', (file) => file.writeFile(JSON.stringify(result)))
 */
export async function replaceFile(path: string, write: (file: FileHandle) => Promise<void>): Promise<void> {
  requirePath('replaceFile', path)
  const unfinished = unfinishedName(path)
  requireNamesOfSystem(path)
  try {
    await makeFolder(dirname(path))
    const file = await openForWriting(unfinished)
    try {
      await write(file)
      await file.sync()
    } finally {
      await file.close()
    }
    await renameFile(unfinished, path)
    await syncFolder(dirname(path))
  } catch (cause) {
    await removeIfFree(unfinished)
    throw fileError(`${path} cannot be written`, cause)
  }
}

/**
 * Gives a file another name in its folder, under which it stays whatever becomes of the first one: a link, or a copy where the file system
 * has none. What had the name before gives way at once.
 *
 * @throws ConvzooError of kind `option` if a path is none, of kind `file` if the system refuses.
 *
 * @example
 * await linkFile('checkpoints/step-00000100.safetensors', 'checkpoints/best.safetensors')
 */
export async function linkFile(from: string, to: string): Promise<void> {
  requirePath('linkFile', from)
  requirePath('linkFile', to)
  const unfinished = unfinishedName(to)
  try {
    await link(from, unfinished).catch(() => copyToNew(from, unfinished))
    await renameFile(unfinished, to)
    await syncFolder(dirname(to))
  } catch (cause) {
    throw fileError(`${to} cannot be written`, cause)
  } finally {
    // Of two names of one file, a rename leaves both.
    await removeIfFree(unfinished)
  }
}

/** Removes what processes that ended while they wrote have left in a folder. What cannot be removed stays. */
export async function removeUnfinished(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => [])
  for (const name of names.filter(isUnfinished)) await removeIfFree(join(folder, name))
}

/** Makes a rename last. Not every system lets a folder be opened; there the rename has to do. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r').catch(() => undefined)
  if (folder === undefined) return
  try {
    await folder.sync()
  } catch {
    // Windows refuses to sync a folder.
  } finally {
    await folder.close()
  }
}
