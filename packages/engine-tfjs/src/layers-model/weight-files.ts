import { join } from 'node:path'
import type { NamedTensor, Shape } from '@convzoo/core'
import { sizeOf } from '@convzoo/core/define'
import { replaceFile } from '@convzoo/files'

/** A tensor that is written. */
export interface StoredTensor {
  readonly name: string
  readonly shape: Shape
}

/** Bytes of a file of weights: what browsers keep. It is what TensorFlow.js' own converter writes. */
const largestFile = 2 ** 22

const byteLength = ({ shape }: StoredTensor): number => sizeOf(shape) * Float32Array.BYTES_PER_ELEMENT

/** The files that tensors become. */
export function weightFiles(tensors: readonly StoredTensor[]): readonly string[] {
  const bytes = tensors.reduce((sum, tensor) => sum + byteLength(tensor), 0)
  const count = Math.max(1, Math.ceil(bytes / largestFile))
  return Array.from({ length: count }, (_, index) => `group1-shard${index + 1}of${count}.bin`)
}

/** What stands under `weightsManifest` in a model.json. */
export function manifestOf(tensors: readonly StoredTensor[], paths: readonly string[]): readonly object[] {
  return [{ paths, weights: tensors.map(({ name, shape }) => ({ name, shape, dtype: 'float32' })) }]
}

/** Writes tensors, float32 and little-endian, one behind the other, cut into files. One tensor and one file are in memory at a time. */
export async function writeWeightFiles(
  folder: string,
  names: readonly string[],
  tensors: AsyncIterable<Pick<NamedTensor, 'data'>>,
): Promise<void> {
  const rest = [...names]
  const full = new Uint8Array(largestFile)
  let filled = 0
  const write = async (): Promise<void> => {
    const name = rest.shift()
    if (name !== undefined) await replaceFile(join(folder, name), (file) => file.writeFile(full.subarray(0, filled)))
    filled = 0
  }
  for await (const { data } of tensors) {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    for (let start = 0; start < bytes.length; ) {
      const part = bytes.subarray(start, start + largestFile - filled)
      full.set(part, filled)
      filled += part.length
      start += part.length
      if (filled === largestFile) await write()
    }
  }
  if (rest.length > 0) await write()
}
