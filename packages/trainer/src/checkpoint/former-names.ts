import type { StateSpec } from '@convzoo/core/engine'
import type { SafetensorsFile } from '@convzoo/safetensors/blob'

/** A file whose tensors have the names of today, where it was written when states had other ones. */
export function withNamesOfToday(file: SafetensorsFile, state: readonly StateSpec[]): SafetensorsFile {
  const there = new Set(file.tensors.map(({ name }) => name))
  const today = new Map(
    state.flatMap(({ name, formerName }): [string, string][] =>
      formerName !== undefined && there.has(formerName) && !there.has(name) ? [[formerName, name]] : [],
    ),
  )
  if (today.size === 0) return file
  const former = new Map([...today].map(([old, name]) => [name, old]))
  const renamed = <T extends { readonly name: string }>(tensor: T): T => ({
    ...tensor,
    name: today.get(tensor.name) ?? tensor.name,
  })
  return {
    ...file,
    tensors: file.tensors.map(renamed),
    async *read(names) {
      const wanted = names && new Set([...names].map((name) => former.get(name) ?? name))
      for await (const tensor of file.read(wanted)) yield renamed(tensor)
    },
    close: () => file.close(),
  }
}
