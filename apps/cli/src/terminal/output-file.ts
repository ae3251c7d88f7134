import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { ConvzooError } from '@convzoo/core'

/**
 * Writes a file that the user named, over one that is there already. At every moment the old one or the new one is there in whole.
 *
 * @throws ConvzooError of kind `file` if its folder does not exist, which a slip of the pen may be, or the system refuses.
 */
export async function writeOutput(path: string, content: string | Uint8Array): Promise<void> {
  requireOutputFolder(path)
  const { replaceFile } = await import('@convzoo/files')
  await replaceFile(path, (file) => file.writeFile(content))
}

/** @throws ConvzooError of kind `file` if the folder of a file that is to be written does not exist. */
export function requireOutputFolder(path: string): void {
  const folder = dirname(path)
  if (existsSync(folder)) return
  throw new ConvzooError({
    kind: 'file',
    message: `The file ${path} cannot be written.`,
    received: `the folder ${folder} does not exist`,
    hint: 'make the folder, or name a file in another',
  })
}
