import { rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { ConvzooError } from '@convzoo/core'

/**
 * Writes a file that the user named, over one that is there already. At every moment the old one or the new one is there in whole.
 *
 * @throws ConvzooError of kind `file` if its folder does not exist or the system refuses.
 */
export async function writeOutput(path: string, content: string | Uint8Array): Promise<void> {
  const unfinished = `${path}.${process.pid}.tmp`
  try {
    await writeFile(unfinished, content)
    await rename(unfinished, path)
  } catch (cause) {
    await rm(unfinished, { force: true })
    const missing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT'
    throw new ConvzooError({
      kind: 'file',
      message: `The file ${path} cannot be written.`,
      received: missing ? `the folder ${dirname(path)} does not exist` : String(cause),
      mend: missing ? 'make the folder, or name a file in another' : 'check the path and the permissions',
      cause,
    })
  }
}
