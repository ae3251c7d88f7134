import { constants, renameSync, rmSync, writeFileSync } from 'node:fs'
import { copyFile, type FileHandle, open, rename, rm } from 'node:fs/promises'
import { whileHeld, whileHeldSync } from './while-held.js'

/**
 * Renames a file or folder; a file that is there gives way. Like all of this file it waits while another program holds what it changes,
 * and throws the system's own error where that does not end: whoever knows what the file is for says so by `fileError`.
 */
export async function renameFile(from: string, to: string): Promise<void> {
  await whileHeld('move', () => rename(from, to))
}

/** As {@link renameFile}, for a worker thread: it blocks. */
export function renameFileSync(from: string, to: string): void {
  whileHeldSync('move', () => renameSync(from, to))
}

/** Removes a file. What is not there is no error. */
export async function removeFile(path: string): Promise<void> {
  await whileHeld('remove', () => rm(path, { force: true }))
}

/** Removes a folder with all that is in it, or a file. What is not there is no error. */
export async function removeFolder(path: string): Promise<void> {
  await whileHeld('remove', () => rm(path, { recursive: true, force: true }))
}

/** Removes a file that nobody needs, such as an unfinished one, if that can be done at once: what another program holds stays. */
export async function removeIfFree(path: string): Promise<void> {
  await rm(path, { force: true }).catch(() => undefined)
}

/** As {@link removeIfFree}, for a worker thread. */
export function removeIfFreeSync(path: string): void {
  try {
    rmSync(path, { force: true })
  } catch {
    // It stays, as it should.
  }
}

/**
 * Opens a file for writing. Close the handle after use.
 *
 * @param flags Those of open(2); by default a new file, or one that is emptied.
 */
export async function openForWriting(path: string, flags: string | number = 'w'): Promise<FileHandle> {
  return whileHeld('write', () => open(path, flags))
}

/** Writes a whole file, which may be seen half written: {@link replaceFile} is for those that others read. */
export async function putFile(path: string, content: string | Uint8Array, flags = 'w'): Promise<void> {
  const file = await openForWriting(path, flags)
  try {
    await file.writeFile(content)
  } finally {
    await file.close()
  }
}

/** As {@link putFile}, for a worker thread: it blocks. */
export function putFileSync(path: string, content: string | Uint8Array): void {
  whileHeldSync('write', () => writeFileSync(path, content))
}

/** Copies a file to where nothing is. */
export async function copyToNew(from: string, to: string): Promise<void> {
  await whileHeld('write', () => copyFile(from, to, constants.COPYFILE_EXCL))
}
