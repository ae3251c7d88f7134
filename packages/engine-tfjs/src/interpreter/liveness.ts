import type { Graph } from '@convzoo/core/engine'

/** What reads values. */
interface Uses extends Pick<Graph, 'outputs' | 'assignments' | 'guard'> {
  readonly nodes: readonly { readonly inputs: readonly number[] }[]
}

/** For each node, the values that nothing needs after it: they are freed then. What leaves the function stays to its end. */
export function lastUses({ nodes, outputs, assignments, guard }: Uses): readonly (readonly number[])[] {
  const kept = new Set([...outputs, ...assignments].map(({ value }) => value))
  if (guard !== undefined) kept.add(guard)
  const seen = new Set(kept)
  const dead: number[][] = nodes.map(() => [])
  for (let id = nodes.length - 1; id >= 0; id--) {
    for (const value of [id, ...(nodes[id]?.inputs ?? [])]) {
      if (seen.has(value)) continue
      seen.add(value)
      dead[id]?.push(value)
    }
  }
  return dead
}
