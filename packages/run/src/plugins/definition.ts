import type { AnyOption } from '@convzoo/core/define'

/** What core's `defineOptimizer`, `defineLoss` and their like give: what makes the thing, with what is known of it. */
export interface Definition<T = unknown> {
  (options?: Readonly<Record<string, unknown>>): T
  readonly specification: string
  readonly name: string
  readonly title: string
  /** What it takes, by name. */
  readonly options: Readonly<Record<string, AnyOption>>
  /** Whether it may take more than is known of it, as what says nothing of itself; it is not by default. */
  readonly isOpen?: boolean
}

/** Something that is chosen by its name, with its own options. */
export interface Chosen {
  readonly name: string
  readonly [option: string]: unknown
}

/** A name alone, or with options; without a name, options of the usual one. */
export type Choice = string | { readonly name?: string; readonly [option: string]: unknown }

/** A function that makes something, as a definition. A function has a `name` of its own, which cannot be assigned. */
export function asDefinition<T>(
  make: (options?: Readonly<Record<string, unknown>>) => T,
  data: Pick<Definition, 'specification' | 'name' | 'title' | 'options' | 'isOpen'>,
): Definition<T> {
  const named: unknown = Object.defineProperties(
    (options?: Readonly<Record<string, unknown>>) => make(options),
    Object.fromEntries(Object.entries(data).map(([key, value]) => [key, { value, enumerable: true }])),
  )
  return named as Definition<T>
}
