import { type FileHandle, open } from 'node:fs/promises'
import { type NamedTensor, sizeOf } from '@convzoo/core'
import { fileError } from '@convzoo/files'
import { damaged, decodeHeader, largestHeader, type SafetensorsHeader } from './format.js'

/** An opened safetensors file. Close it after use. */
export interface SafetensorsFile extends SafetensorsHeader {
  /** The tensors, one at a time, in the order of the file. */
  read(): AsyncGenerator<NamedTensor, void, undefined>
  close(): Promise<void>
}

/**
 * Opens a safetensors file and checks its header against its length before anything of that size is allocated.
 *
 * @throws ConvzooError of kind `file` if it is missing, cut off or of another format.
 */
export async function openSafetensors(path: string): Promise<SafetensorsFile> {
  const file = await opened(path)
  try {
    const { size } = await file.stat()
    if (size < 8) throw damaged(path, `${size} bytes`)
    const start = await exactly(file, path, new Uint8Array(8), 0)
    const headerBytes = Number(new DataView(start.buffer).getBigUint64(0, true))
    if (headerBytes > largestHeader || 8 + headerBytes > size) {
      throw damaged(path, `a header of ${headerBytes} bytes in a file of ${size}`)
    }
    const text = new TextDecoder().decode(await exactly(file, path, new Uint8Array(headerBytes), 8))
    const header = decodeHeader(path, text, size - 8 - headerBytes)
    return {
      ...header,
      async *read() {
        for (const { name, shape, start: offset } of header.tensors) {
          const data = new Float32Array(sizeOf(shape))
          await exactly(file, path, new Uint8Array(data.buffer), 8 + headerBytes + offset)
          yield { name, shape, data }
        }
      },
      close: () => file.close(),
    }
  } catch (error) {
    await file.close()
    throw error
  }
}

async function opened(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r')
  } catch (cause) {
    throw fileError(`The safetensors file ${path} cannot be opened`, cause)
  }
}

async function exactly(
  file: FileHandle,
  path: string,
  into: Uint8Array<ArrayBuffer>,
  position: number,
): Promise<Uint8Array<ArrayBuffer>> {
  let filled = 0
  while (filled < into.length) {
    const { bytesRead } = await file.read(into, filled, into.length - filled, position + filled)
    if (bytesRead === 0) throw damaged(path, 'fewer bytes than its header promises')
    filled += bytesRead
  }
  return into
}
