import { openRegularFile, readInto, unreadable } from '@convzoo/files'
import { expected } from './format.js'
import { openSource, type SafetensorsFile } from './open.js'

/**
 * Opens a safetensors file and checks its header against its length before anything of that size is allocated.
 *
 * @throws ConvzooError of kind `file` if it is missing, cut off or of another format.
 */
export async function openSafetensors(path: string): Promise<SafetensorsFile> {
  const { handle: file, size } = await openRegularFile(path, expected)
  return openSource(path, {
    size,
    read: (into, position) =>
      readInto(file, into, position).catch((cause: unknown) => {
        throw unreadable(path, expected, cause)
      }),
    close: () => file.close(),
  })
}
