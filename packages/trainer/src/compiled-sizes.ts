import type { FunctionKind } from '@convzoo/core/engine'

/** Batch sizes by what is done with them. */
export type BatchSizes = Readonly<Partial<Record<FunctionKind, readonly number[]>>>

/** Batch sizes that stay compiled of each kind of function. Each holds memory for what it computes. */
const mostSizes = 6

const kinds = [
  'train',
  'accumulate',
  'evaluate',
  'evaluateAverages',
  'predict',
  'predictAverages',
] as const satisfies readonly FunctionKind[]

/** The batch sizes that functions are compiled for: those that were used last. */
export class CompiledSizes {
  /** Of each kind, that used last at the end. */
  readonly #sizes = new Map<FunctionKind, readonly number[]>()

  /** Whether all of them are there. That they are asked for counts as a use. */
  has(wanted: BatchSizes): boolean {
    const isThere = kinds.every(
      (kind) => wanted[kind]?.every((size) => this.#sizes.get(kind)?.includes(size)) !== false,
    )
    if (isThere) for (const kind of kinds) this.#sizes.set(kind, this.#used(kind, wanted))
    return isThere
  }

  /** Those that are wanted, and of those that are there as many of the last used ones as may stay. */
  with(wanted: BatchSizes): BatchSizes {
    const kept = (kind: FunctionKind): readonly number[] =>
      this.#used(kind, wanted).slice(-Math.max(mostSizes, new Set(wanted[kind]).size))
    return Object.fromEntries(kinds.map((kind) => [kind, kept(kind)]))
  }

  /** These are compiled now. */
  replace(compiled: BatchSizes): void {
    for (const kind of kinds) this.#sizes.set(kind, compiled[kind] ?? [])
  }

  #used(kind: FunctionKind, wanted: BatchSizes): readonly number[] {
    const last = new Set(wanted[kind] ?? [])
    return [...(this.#sizes.get(kind) ?? []).filter((size) => !last.has(size)), ...last]
  }
}
