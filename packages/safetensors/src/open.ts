import type { NamedTensor } from '@convzoo/core'
import { sizeOf } from '@convzoo/core/define'
import { damaged, decodeHeader, expected, largestHeader, type SafetensorsHeader } from './format.js'
import { storages, valuesOf } from './storage.js'
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

/** Bytes that can be read at any place: of a file, of a Blob. */
export interface ByteSource {
  readonly size: number
  /** Fills `into` with the bytes from `position` on; how many there were. */
  read(into: Uint8Array<ArrayBuffer>, position: number): Promise<number>
  close(): Promise<void>
}

/**
 * Opens what a source holds and checks its header against its length before anything of that size is allocated. The source is closed if that
 * fails.
 *
 * @param name What the source is called in errors.
 * @throws ConvzooError of kind `file` if it is cut off or of another format.
 */
export async function openSource(name: string, source: ByteSource): Promise<SafetensorsFile> {
  const { size } = source
  try {
    if (size < 8) throw damaged(name, `${size} bytes`)
    const start = await exactly(source, name, new Uint8Array(8), 0)
    const headerBytes = Number(new DataView(start.buffer).getBigUint64(0, true))
    if (headerBytes > largestHeader || 8 + headerBytes > size) {
      throw damaged(
        name,
        `a header of ${headerBytes} bytes in a file of ${size}`,
        `${expected}, its header at most ${largestHeader} bytes`,
      )
    }
    const json = textOf(name, await exactly(source, name, new Uint8Array(headerBytes), 8))
    const header = decodeHeader(name, json, size - 8 - headerBytes)
    return {
      ...header,
      async *read(names) {
        for (const { name: tensor, shape, storage, start: offset } of header.tensors) {
          if (names?.has(tensor) === false) continue
          const bytes = new Uint8Array(sizeOf(shape) * storages[storage].bytes)
          await exactly(source, name, bytes, 8 + headerBytes + offset)
          const data = storage === 'float32' ? new Float32Array(bytes.buffer) : valuesOf(bytes, storage)
          const fault = notFiniteIn({ name: tensor, shape, data })
          if (fault !== undefined) throw damaged(name, fault, `${expected}, all values finite`)
          yield { name: tensor, shape, data }
        }
      },
      close: () => source.close(),
    }
  } catch (error) {
    await source.close()
    throw error
  }
}

function textOf(name: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw damaged(name, 'a header that is not UTF-8')
  }
}

async function exactly(
  source: ByteSource,
  name: string,
  into: Uint8Array<ArrayBuffer>,
  position: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const filled = await source.read(into, position)
  if (filled < into.length) throw damaged(name, 'fewer bytes than its header promises')
  return into
}
