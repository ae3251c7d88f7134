import type { NamedTensor, PlainData } from '@convzoo/core'
import type { TensorSpec } from '@convzoo/safetensors/blob'
import type { Memories, Memory } from '../callbacks/memory.js'

/** What a checkpoint says of what a callback remembers: its state, and the names of its tensors. */
interface MemoryEntry {
  readonly state: PlainData | undefined
  readonly tensors: readonly string[]
}

export type MemoryEntries = ReadonlyMap<string, MemoryEntry>

/** The entries of memories, in the order of the names. */
export function entriesOf(memories: Memories): MemoryEntries {
  return new Map(
    [...memories]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, { state, tensors }]) => [name, { state, tensors: tensors.map((tensor) => tensor.name) }]),
  )
}

/** The name under which a checkpoint holds a tensor that a callback remembers. */
const keptName = (callback: string, tensor: string): string => `callbacks/${callback}/${tensor}`

/** The names of all tensors that callbacks remember, as the checkpoint has them. */
export function keptNames(entries: MemoryEntries): readonly string[] {
  return [...entries].flatMap(([callback, { tensors }]) => tensors.map((tensor) => keptName(callback, tensor)))
}

/** All tensors that callbacks remember, under the names that the checkpoint has. */
export function keptTensors(memories: Memories): readonly NamedTensor[] {
  return [...memories].flatMap(([callback, { tensors }]) =>
    tensors.map((tensor) => ({ ...tensor, name: keptName(callback, tensor.name) })),
  )
}

/** Entries with their tensors, out of those that a checkpoint holds. */
export function memoriesFrom(entries: MemoryEntries, kept: readonly NamedTensor[]): Memories {
  const found = new Map(kept.map((tensor) => [tensor.name, tensor]))
  return new Map(
    [...entries].map(([callback, { state, tensors }]): [string, Memory] => [
      callback,
      {
        state,
        tensors: tensors.flatMap((name) => {
          const tensor = found.get(keptName(callback, name))
          return tensor === undefined ? [] : [{ ...tensor, name }]
        }),
      },
    ]),
  )
}

/** Names and shapes of those tensors that are not kept for callbacks. */
export function withoutKept(tensors: readonly TensorSpec[], entries: MemoryEntries): readonly TensorSpec[] {
  const kept = new Set(keptNames(entries))
  return tensors.filter(({ name }) => !kept.has(name))
}
