import { replaceFile } from '@convzoo/files'
import { encoded, type WriteOptions, writeOptions } from './encode.js'

/**
 * Writes a safetensors file, one tensor at a time, so that at every moment the old file or the new one is there in whole.
 *
 * @throws ConvzooError of kind `option` for a bad option, of kind `file` if it cannot be written; then nothing of it stays.
 */
export async function writeSafetensors(path: string, options: WriteOptions): Promise<void> {
  const parsed = writeOptions.parse('writeSafetensors', options)
  await replaceFile(path, async (file) => {
    for await (const bytes of encoded(parsed)) await file.writeFile(bytes)
  })
}
