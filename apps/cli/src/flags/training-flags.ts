import { type Command, Option } from 'commander'
import { choiceFlags, requireFitting } from './choices.js'
import { chosenNames } from './chosen-names.js'
import type { Flag } from './flag.js'
import { sectionFlags } from './sections.js'

/** A configuration, or parts of one, as flags say it. */
export type GivenConfig = Readonly<Record<string, unknown>>

/** The flags of `train`: made of what a run has, and of what its optimizer, schedule, loss, engine and callbacks take. */
export async function trainingFlags(parameters: readonly string[]): Promise<readonly Flag[]> {
  const sections = sectionFlags()
  const taken = new Set(sections.map(({ name }) => name))
  return [...sections, ...(await choiceFlags(await chosenNames(parameters), taken))]
}

/** Adds an option for each flag, in its group. */
export function addFlags(command: Command, flags: readonly Flag[]): void {
  for (const { name, value, description, group, read, path, isHidden = false } of flags) {
    const option = new Option(value === undefined ? name : `${name} ${value}`, description)
      .helpGroup(`${group}:`)
      .hideHelp(isHidden)
    if (value !== undefined) {
      const list = path === 'callbacks'
      option.argParser((text: string, before: unknown) =>
        list ? [...(Array.isArray(before) ? before : []), read(text)] : read(text),
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
export function configOf(command: Command, flags: readonly Flag[]): GivenConfig {
  const config: Record<string, unknown> = {}
  const options = command.opts()
  const given = flags.filter((flag) => options[attributeOf(flag)] !== undefined)
  requireFitting(flags, given)
  for (const flag of given) {
    if (flag.path !== 'callbacks') place(config, flag.path.split('.'), options[attributeOf(flag)])
  }
  const callbacks = callbacksOf(options[attributeOf({ name: '--callback' })], config.callbacks)
  const { callbacks: _, ...sections } = config
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

/** Callbacks with their options; without a name there are none. */
function callbacksOf(names: unknown, options: unknown): readonly object[] | undefined {
  const own: Readonly<Record<string, unknown>> = typeof options === 'object' && options !== null ? { ...options } : {}
  if (!Array.isArray(names)) return undefined
  return names.map((name) => ({ name, ...Object(own[String(name)]) }))
}
