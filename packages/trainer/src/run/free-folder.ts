import { readdir } from 'node:fs/promises'
import { ConvzooError } from '@convzoo/core'
import { fileError, isUnfinished } from '@convzoo/files'
import { isClaim } from './claim.js'
import { files } from './file-names.js'

/** @throws ConvzooError of kind `file` if there is something in a folder that is to be that of a new run. */
export async function requireFreeFolder(path: string): Promise<void> {
  const names = await readdir(path).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return []
    throw fileError(`The run folder ${path} cannot be used`, cause)
  })
  // A process that was killed while it made the folder may have left an unfinished file, its lock, or the mean image or whitening of no run.
  const mayStay: readonly string[] = [files.lock, files.meanImage, files.whitening]
  const there = names.filter((name) => !isUnfinished(name) && !isClaim(name) && !mayStay.includes(name))
  if (there.length === 0) return
  throw new ConvzooError({
    kind: 'file',
    message: `The run folder ${path} exists already.`,
    expected: 'a new or empty folder',
    received: `a folder with ${there.length} ${there.length === 1 ? 'entry' : 'entries'}`,
    hint: 'choose another one, go on with it by --resume, or remove it',
  })
}
