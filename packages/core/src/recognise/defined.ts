/** What can be defined: a function that makes it from options, and that is data about it, too. */
const kinds = ['optimizer', 'loss', 'schedule', 'engine', 'callback', 'dataset'] as const
export type DefinedKind = (typeof kinds)[number]

/** The property by which a definition is known, also one that another copy of core made. */
export const definedMark: unique symbol = Symbol.for('convzoo.defined/v1')

/** What this function defines; `undefined` if it is no definition. */
export function definedKind(value: unknown): DefinedKind | undefined {
  const kind: unknown = typeof value === 'function' ? Reflect.get(value, definedMark) : undefined
  return kinds.find((known) => known === kind)
}
