import type { FileHandle } from 'node:fs/promises'
import type { NamedTensor } from '@convzoo/core'
import { sizeOf } from '@convzoo/core/define'
import { openRegularFile, readInto, unreadable } from '@convzoo/files'
import { damaged, decodeHeader, expected, largestHeader, type SafetensorsHeader } from './format.js'
import { notFiniteIn } from './tensors.js'

/** An opened safetensors file. Close it after use. */
export interface SafetensorsFile extends SafetensorsHeader {
  /**
   * The tensors, one at a time, in the order of the file; of these names, where some are given.
   *
   * @throws ConvzooError of kind `file` that names file and tensor, if a value is NaN or infinite: nothing can be done with such weights.
   */
  read(names?: ReadonlySet<string>): AsyncGenerator<NamedTensor, void, undefined>
  close(): Promise<void>
}

/**
 * Opens a safetensors file and checks its header against its length before anything of that size is allocated.
 *
 * @throws ConvzooError of kind `file` if it is missing, cut off or of another format.
 */
export async function openSafetensors(path: string): Promise<SafetensorsFile> {
  const { handle: file, size } = await openRegularFile(path, expected)
  try {
    if (size < 8) throw damaged(path, `${size} bytes`)
    const start = await exactly(file, path, new Uint8Array(8), 0)
    const headerBytes = Number(new DataView(start.buffer).getBigUint64(0, true))
    if (headerBytes > largestHeader || 8 + headerBytes > size) {
      throw damaged(
        path,
        `a header of ${headerBytes} bytes in a file of ${size}`,
        `${expected}, its header at most ${largestHeader} bytes`,
      )
    }
    const json = textOf(path, await exactly(file, path, new Uint8Array(headerBytes), 8))
    const header = decodeHeader(path, json, size - 8 - headerBytes)
    return {
      ...header,
      async *read(names) {
        for (const { name, shape, start: offset } of header.tensors) {
          if (names?.has(name) === false) continue
          const data = new Float32Array(sizeOf(shape))
          await exactly(file, path, new Uint8Array(data.buffer), 8 + headerBytes + offset)
          const fault = notFiniteIn({ name, shape, data })
          if (fault !== undefined) throw damaged(path, fault, `${expected}, all values finite`)
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

function textOf(path: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw damaged(path, 'a header that is not UTF-8')
  }
}

async function exactly(
  file: FileHandle,
  path: string,
  into: Uint8Array<ArrayBuffer>,
  position: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const filled = await readInto(file, into, position).catch((cause: unknown) => {
    throw unreadable(path, expected, cause)
  })
  if (filled < into.length) throw damaged(path, 'fewer bytes than its header promises')
  return into
}
