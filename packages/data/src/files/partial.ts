import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { removeFolder } from '@convzoo/files'

/** What is in the name of a file or folder while it is being made. */
export const partialMark = '.part-'

/** What a file is called while this process makes it. */
export const partialOf = (path: string): string => `${path}${partialMark}${process.pid}`

/** Milliseconds after the last write, when whoever was making it must have ended. */
const longestWrite = 3_600_000

/** Whether a file was left by a process that ended while it made it. */
export const isAbandoned = (name: string, mtimeMs: number): boolean =>
  name.includes(partialMark) && Date.now() - mtimeMs > longestWrite

/** Removes what processes that were killed have left in a folder. What cannot be removed stays. */
export async function removeAbandoned(folder: string): Promise<void> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.includes(partialMark))
  for (const name of names) {
    const path = join(folder, name)
    const status = await stat(path).catch(() => undefined)
    if (status === undefined || !isAbandoned(name, status.mtimeMs)) continue
    await removeFolder(path).catch(() => undefined)
  }
}
