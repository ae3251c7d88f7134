import type { NamedTensor } from '@convzoo/core'
import { defineOptions, functionOf, internalError, optional, sizeOf } from '@convzoo/core/define'
import { replaceFile } from '@convzoo/files'
import { encodeHeader, sortedByName } from './format.js'
import { metadataOption, specsOption, type TensorSpec } from './tensors.js'

export interface WriteOptions {
  /** Names and shapes of all tensors. */
  readonly specs: readonly TensorSpec[]
  /** Gives the tensors of these names, in this order, one at a time. */
  readonly read: (names: readonly string[]) => AsyncIterable<NamedTensor>
  readonly metadata?: Readonly<Record<string, string>>
}

const writeOptions = defineOptions({
  specs: specsOption,
  read: functionOf<WriteOptions['read']>(),
  metadata: optional(metadataOption, {}),
})

/**
 * Writes a safetensors file, one tensor at a time, so that at every moment the old file or the new one is there in whole.
 *
 * @throws ConvzooError of kind `option` for a bad option, of kind `file` if it cannot be written; then nothing of it stays.
 */
export async function writeSafetensors(path: string, options: WriteOptions): Promise<void> {
  const { specs, read, metadata } = writeOptions.parse('writeSafetensors', options)
  const sorted = sortedByName(specs)
  await replaceFile(path, async (file) => {
    await file.writeFile(encodeHeader(sorted, metadata))
    let next = 0
    for await (const { name, data } of read(sorted.map((spec) => spec.name))) {
      const spec = sorted[next++]
      if (spec?.name !== name || data.length !== sizeOf(spec.shape)) {
        throw internalError(`The tensor ${name} came where ${spec?.name ?? 'nothing'} was due.`)
      }
      await file.writeFile(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
    }
    if (next !== sorted.length) throw internalError(`${sorted.length - next} tensors did not come.`)
  })
}
