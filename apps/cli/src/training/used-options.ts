import { ConvzooError } from '@convzoo/core'

/** The properties that are not undefined. */
export function given<T extends object>(options: T): { [Name in keyof T]?: Exclude<T[Name], undefined> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as {
    [Name in keyof T]?: Exclude<T[Name], undefined>
  }
}

/**
 * Refuses a setting that some row of a table has, but not the chosen one: it would be ignored.
 *
 * @throws ConvzooError of kind `option`.
 */
export function requireUsed<Name extends string, Setting extends string>(
  option: string,
  chosen: Name,
  table: Readonly<Record<Name, { readonly uses: readonly Setting[] }>>,
  settings: Readonly<Record<Setting, unknown>>,
): void {
  const all = new Set(Object.values<{ readonly uses: readonly Setting[] }>(table).flatMap(({ uses }) => uses))
  const { uses } = table[chosen]
  const unused = [...all].filter((name) => !uses.includes(name) && settings[name] !== undefined)
  if (unused.length === 0) return
  const written = (names: readonly string[]): string =>
    names.map((name) => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`).join(', ')
  throw new ConvzooError({
    kind: 'option',
    message: `An option does not go with ${option} ${chosen}.`,
    expected: uses.length === 0 ? 'none' : written(uses),
    received: written(unused),
    mend: `leave it out, or choose another ${option.slice(2)}`,
  })
}
