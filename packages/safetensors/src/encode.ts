import type { NamedTensor } from '@convzoo/core'
import { defineOptions, functionOf, internalError, optional, sizeOf } from '@convzoo/core/define'
import { encodeHeader, sortedByName } from './format.js'
import { storedBytes } from './storage.js'
import { metadataOption, specsOption, type TensorSpec } from './tensors.js'

export interface WriteOptions {
  /** Names and shapes of all tensors. */
  readonly specs: readonly TensorSpec[]
  /** Gives the tensors of these names, in this order, one at a time. */
  readonly read: (names: readonly string[]) => AsyncIterable<NamedTensor>
  readonly metadata?: Readonly<Record<string, string>>
}

export const writeOptions = defineOptions({
  specs: specsOption,
  read: functionOf<WriteOptions['read']>(),
  metadata: optional(metadataOption, {}),
})

/** The bytes of a safetensors file, piece by piece: its header, then one tensor after another, as they come from `read`. */
export async function* encoded({
  specs,
  read,
  metadata,
}: ReturnType<typeof writeOptions.parse>): AsyncGenerator<Uint8Array, void, undefined> {
  const sorted = sortedByName(specs)
  yield encodeHeader(sorted, metadata)
  let next = 0
  for await (const { name, data } of read(sorted.map((spec) => spec.name))) {
    const spec = sorted[next++]
    if (spec?.name !== name || data.length !== sizeOf(spec.shape)) {
      throw internalError(`The tensor ${name} came where ${spec?.name ?? 'nothing'} was due.`)
    }
    yield storedBytes(data, spec.storage ?? 'float32')
  }
  if (next !== sorted.length) throw internalError(`${sorted.length - next} tensors did not come.`)
}
