import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileError } from '@convzoo/files'
import { stepOfName } from '../checkpoint/index.js'

/** Paths of the checkpoints in a folder, the newest first; none where there is no folder. */
export async function listedCheckpoints(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return []
    throw fileError(`${folder} cannot be read`, cause)
  })
  return names
    .map((name) => ({ name, step: stepOfName(name) ?? -1 }))
    .filter(({ step }) => step >= 0)
    .sort((a, b) => b.step - a.step)
    .map(({ name }) => join(folder, name))
}
