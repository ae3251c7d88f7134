import { ConvzooError } from '@convzoo/core'
import { matching, messageOf, requireArguments, text } from '@convzoo/core/define'
import { encoded, type WriteOptions, writeOptions } from './encode.js'
import { openSource, type SafetensorsFile } from './open.js'

const blobKind = matching(
  'a Blob, such as a file that was picked',
  (value): value is Blob =>
    typeof value === 'object' &&
    value !== null &&
    typeof Reflect.get(value, 'size') === 'number' &&
    ['slice', 'arrayBuffer'].every((name) => typeof Reflect.get(value, name) === 'function'),
)

/**
 * Opens a safetensors file that a Blob holds, as `openSafetensors` of @convzoo/safetensors opens one of a file system.
 *
 * @param name What it is called in errors.
 * @throws ConvzooError of kind `file` if it is cut off or of another format.
 */
export async function openSafetensorsBlob(name: string, blob: Blob): Promise<SafetensorsFile> {
  requireArguments('openSafetensorsBlob', { name: [text, name], blob: [blobKind, blob] })
  return openSource(name, {
    size: blob.size,
    async read(into, position) {
      const bytes = new Uint8Array(await blob.slice(position, position + into.length).arrayBuffer())
      into.set(bytes)
      return bytes.length
    },
    close: async () => undefined,
  })
}

/**
 * The same bytes as `writeSafetensors` of @convzoo/safetensors writes, in memory.
 *
 * @throws ConvzooError of kind `option` for a bad option, of kind `file` if such a file could not be read again, or `read` gives no tensors.
 * @example
 * const blob = await safetensorsBlob({ specs: [{ name: 'a', shape: [2] }], read: async function* () { yield a } })
 */
export async function safetensorsBlob(options: WriteOptions): Promise<Blob> {
  const parsed = writeOptions.parse('safetensorsBlob', options)
  const pieces: Blob[] = []
  try {
    for await (const bytes of encoded(parsed)) pieces.push(new Blob([bytes]))
  } catch (cause) {
    if (ConvzooError.isInstance(cause)) throw cause
    throw new ConvzooError({
      kind: 'file',
      message: 'A safetensors file cannot be made.',
      received: messageOf(cause),
      hint: 'give a function "read" that gives the tensors of the names it gets, one at a time',
      cause,
    })
  }
  return new Blob(pieces, { type: 'application/octet-stream' })
}
