import { type Command, Option } from 'commander'
import { callbackName, choiceFlags, requireFitting, tensorboardFlag } from './choices.js'
import { chosenNames } from './chosen-names.js'
import type { Flag } from './flag.js'
import { sectionFlags } from './sections.js'

/** A configuration, or parts of one, as flags say it. */
export type GivenConfig = Readonly<Record<string, unknown>>

/** The flags of a command, and the callbacks that stand in the file or the run that it names. */
export interface CommandFlags {
  readonly flags: readonly Flag[]
  readonly callbacks: readonly Named[]
  /** The names of callbacks, by how they are spelled. */
  readonly spelled: ReadonlyMap<string, string>
}

interface Named {
  readonly name: string
}

export const noFlags: CommandFlags = { flags: [], callbacks: [], spelled: new Map() }

/** The flags of `train`: made of what a run has, and of what its optimizer, schedule, loss, engine and callbacks take. */
export async function trainingFlags(parameters: readonly string[]): Promise<CommandFlags> {
  const sections = sectionFlags()
  const taken = new Set(sections.map(({ name }) => name))
  const chosen = await chosenNames(parameters)
  const spelled = new Map<string, string>()
  for (const given of chosen.callbacks) spelled.set(given, await callbackName(given))
  const names = { ...chosen, callbacks: [...new Set(spelled.values())] }
  const callbacks = chosen.savedCallbacks.map((each) => ({ ...each, name: spelled.get(each.name) ?? each.name }))
  return { flags: [...sections, ...(await choiceFlags(names, taken))], callbacks, spelled }
}

/** Adds an option for each flag, in its group. */
export function addFlags(command: Command, flags: readonly Flag[]): void {
  for (const { name, value, description, group, read, path, isHidden = false } of flags) {
    const option = new Option(value === undefined ? name : `${name} ${value}`, description)
      .helpGroup(`${group}:`)
      .hideHelp(isHidden)
    if (value !== undefined) {
      const list = path === 'callbacks' || path === 'metrics'
      option.argParser((text: string, before: unknown) =>
        list ? [...(Array.isArray(before) ? before : []), read(text)].flat() : read(text),
      )
    }
    command.addOption(option)
  }
}

/**
 * What a command line says, as a configuration: `{ training: { epochs: 3 } }`.
 *
 * @throws ConvzooError of kind `option` for a flag of something that is not chosen.
 */
export function configOf(command: Command, { flags, callbacks: saved, spelled }: CommandFlags): GivenConfig {
  const config: Record<string, unknown> = {}
  const options = command.opts()
  const given = flags.filter((flag) => options[attributeOf(flag)] !== undefined)
  requireFitting(flags, given)
  for (const flag of given) {
    if (flag.path !== 'callbacks') place(config, flag.path.split('.'), options[attributeOf(flag)])
  }
  const { callbacks: own, ...sections } = config
  const added: unknown = options[attributeOf({ name: '--callback' })]
  const named = Array.isArray(added) ? added.map((name) => spelled.get(String(name)) ?? String(name)) : []
  const names = given.includes(tensorboardFlag) ? [...named, 'tensorboard'] : named
  const callbacks = callbacksOf(saved, names, own)
  return callbacks === undefined ? sections : { ...sections, callbacks }
}

/** How commander names what it parsed. */
const attributeOf = ({ name }: Pick<Flag, 'name'>): string => new Option(`${name} <value>`).attributeName()

function place(config: Record<string, unknown>, [name = '', ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) {
    config[name] = value
    return
  }
  const inner = config[name]
  const section: Record<string, unknown> = typeof inner === 'object' && inner !== null ? { ...inner } : {}
  place(section, rest, value)
  config[name] = section
}

/** The callbacks of the file or the run, and those that are added, with options that are said anew; nothing if none is. */
function callbacksOf(saved: readonly Named[], added: readonly string[], own: unknown): readonly Named[] | undefined {
  const options: Readonly<Record<string, unknown>> = typeof own === 'object' && own !== null ? { ...own } : {}
  if (added.length === 0 && Object.keys(options).length === 0) return undefined
  const more = added.filter((name) => !saved.some((each) => each.name === name))
  const all = [...saved, ...[...new Set(more)].map((name) => ({ name }))]
  return all.map((each) => ({ ...each, ...Object(options[each.name]), name: each.name }))
}
