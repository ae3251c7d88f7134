import { ConvzooError } from '@convzoo/core'
import { describeValue, isOptionsObject, matching, requireArguments, requireKnownOptions } from '@convzoo/core/define'
import { type RunConfig, type RunSettings, recordedNames, type SectionName, sectionNames } from './config.js'
import { given } from './given.js'
import { isRenewable } from './sections.js'
import { isSpelled } from './spelling.js'
import { settingWords } from './words.js'

/** What is said anew of a run that goes on: parts of a configuration. */
export type RunChanges = {
  readonly [Section in keyof RunConfig]?: Partial<Exclude<RunConfig[Section], string>> | string
}

/** A setting by its path, `training.epochs`, and its value. */
type Setting = readonly [path: string, value: unknown]

function settingsOf(settings: { readonly [Section in SectionName]?: unknown }): readonly Setting[] {
  return sectionNames.flatMap((section): readonly Setting[] => {
    const value = settings[section]
    if (Array.isArray(value) || typeof value !== 'object' || value === null) return [[section, value]]
    return Object.entries(value).map(([name, each]) => [`${section}.${name}`, each])
  })
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a ?? null) === JSON.stringify(b ?? null)

/** The paths of the settings that differ. */
export function changedSettings(saved: RunSettings, now: RunSettings): readonly string[] {
  const before = new Map(settingsOf(saved))
  const after = new Map(settingsOf(now))
  return [...new Set([...before.keys(), ...after.keys()])].filter((path) => !same(before.get(path), after.get(path)))
}

/** `--epochs 2`, for each. */
export function writtenSettings(settings: RunSettings, paths: readonly string[]): string {
  const all = new Map(settingsOf(settings))
  return paths.map((path) => `${settingWords(path)} ${valueText(all.get(path))}`).join(' ')
}

const valueText = (value: unknown): string =>
  value === undefined ? 'not given' : typeof value === 'string' ? value : describeValue(value)

/**
 * The configuration of a run that goes on: its own, and what was said anew.
 *
 * @throws ConvzooError of kind `option` if something was said anew that a run must keep.
 */
export function requireRenewable(saved: RunSettings, now: RunSettings): void {
  const kept = changedSettings(saved, now).filter((path) => !isRenewable(path))
  if (kept.length === 0) return
  throw new ConvzooError({
    kind: 'option',
    message: 'A run that is resumed keeps what it was started with.',
    expected: writtenSettings(saved, kept),
    received: writtenSettings(now, kept),
    hint: 'leave these options out, or start a new run',
  })
}

const sections = matching('sections of a configuration', isOptionsObject)

/**
 * A configuration with parts of it replaced. Another engine, schedule or set of callbacks brings its own options; what is undefined stays
 * as it is.
 *
 * @throws ConvzooError of kind `option` for a section that is none.
 */
export function changedConfig(
  saved: Partial<RunConfig> | RunSettings,
  changes: RunChanges,
): Readonly<Record<string, unknown>> {
  requireArguments('changedConfig', { saved: [sections, saved], changes: [sections, changes] })
  requireKnownOptions('the configuration of a run', saved, [...sectionNames, ...recordedNames])
  requireKnownOptions('a change of a run', changes, sectionNames)
  const config: Record<string, unknown> = { ...saved }
  for (const section of sectionNames) {
    const change = changes[section]
    if (change === undefined) continue
    config[section] = replacedSection(section, saved[section], change)
  }
  return config
}

/** The setting of a section that may stand alone as a text, which names what is chosen in the others. */
const aloneIn = (section: SectionName): string => ({ network: 'id', data: 'source' })[section as string] ?? 'name'

function replacedSection(section: SectionName, saved: unknown, change: unknown): unknown {
  const alone = aloneIn(section)
  const [before, anew] = [saved, change].map((each) => (typeof each === 'string' ? { [alone]: each } : each))
  if (!isOptionsObject(before) || !isOptionsObject(anew)) return change
  const [name, other] = [before, anew].map((each): unknown => Reflect.get(each, 'name'))
  const isOther = typeof name === 'string' && typeof other === 'string' && !isSpelled(name, other)
  return isOther ? change : { ...before, ...given(anew) }
}
