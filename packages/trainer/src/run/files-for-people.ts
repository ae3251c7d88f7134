import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { files, pageFile, pictures } from './file-names.js'

/** Paths of what a person can look at in the folder of a run, as far as it was written. */
export interface RunFiles {
  /** The page of the run. */
  readonly page?: string
  /** A picture of losses and accuracies. */
  readonly curves?: string
  /** A picture of the confusion matrix. */
  readonly confusion?: string
  /** The worst mistakes, with their pictures. */
  readonly mistakes?: string
}

/** Those that are there. */
export async function filesForPeople(path: string): Promise<RunFiles> {
  const all = { page: pageFile, ...pictures, mistakes: files.mistakes }
  const found: { -readonly [Name in keyof RunFiles]: string } = {}
  for (const name of ['page', 'curves', 'confusion', 'mistakes'] as const) {
    const file = join(path, all[name])
    if ((await stat(file).catch(() => undefined))?.isFile() === true) found[name] = file
  }
  return found
}
