import { ConvzooError } from '@convzoo/core'

/** Facts about a run, by name, in words: what must agree for a resumed run to end as one that never stopped. */
export type Settings = Readonly<Record<string, string>>

/**
 * Compares the settings that a checkpoint was made under with those of now. A setting that only one of them has counts as differing.
 *
 * @throws ConvzooError of kind `state` that says which differ.
 */
export function requireSameSettings(saved: Settings, now: Settings, where: string): void {
  const names = [...new Set([...Object.keys(saved), ...Object.keys(now)])].sort()
  const differing = names.filter((name) => saved[name] !== now[name])
  if (differing.length === 0) return
  const list = (settings: Settings): string =>
    differing.map((name) => `${name} ${settings[name] ?? 'not given'}`).join('; ')
  throw new ConvzooError({
    kind: 'state',
    message: `${where} was made under other settings.`,
    expected: list(saved),
    received: list(now),
    hint: 'resume with what it was made with, or start a new run from its weights',
  })
}

/** Settings that were of the data in earlier versions of a checkpoint. */
export const dataNames: readonly string[] = ['dataset', 'batch size']

/** Settings as those of the run and those of its data. */
export function partedSettings(settings: Settings): { readonly run: Settings; readonly data: Settings } {
  const some = (wanted: boolean): Settings =>
    Object.fromEntries(Object.entries(settings).filter(([name]) => dataNames.includes(name) === wanted))
  return { run: some(false), data: some(true) }
}
