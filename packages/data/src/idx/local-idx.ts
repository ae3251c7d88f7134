import { lstat } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * The path of an IDX file in a folder, plain or gzipped; undefined if nothing is there. Whatever else may be there by that name: who reads
 * it says what is wrong with it.
 */
export async function localIdx(folder: string, file: string): Promise<string | undefined> {
  for (const path of [join(folder, file), join(folder, `${file}.gz`)]) {
    if ((await lstat(path).catch(() => undefined)) !== undefined) return path
  }
  return undefined
}
