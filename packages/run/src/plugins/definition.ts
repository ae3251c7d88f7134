import type { AnyOption } from '@convzoo/core'

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

/** A name alone, or with options. */
export type Choice = string | Chosen

/** What a plugin exports as a definition; a plain function that makes the thing takes options that nobody knows beforehand. */
export function asDefinition(
  provided: (options?: Readonly<Record<string, unknown>>) => unknown,
  specification: string,
  name: string,
): Definition {
  const title: unknown = Reflect.get(provided, 'title')
  const options: unknown = Reflect.get(provided, 'options')
  return Object.assign((given?: Readonly<Record<string, unknown>>) => provided(given), {
    specification,
    name,
    title: typeof title === 'string' ? title : name,
    options: (options ?? {}) as Definition['options'],
    isOpen: !('specification' in provided),
  })
}
