import { ConvzooError } from '@convzoo/core'
import { type AnyOption, printable } from '@convzoo/core/define'
import { engineSection, hyphenated, optimizerDefaults, scheduleSection, settingWords, usual } from '@convzoo/run/config'
import { type Definition, datasetDefinition, engineNames, installedDefinitions, namesOf } from '@convzoo/run/plugins'
import { type Flag, flagOf } from './flag.js'
import { metricFlag } from './metric-flag.js'
import { clippingFlags, flagsOf } from './sections.js'

/** What is chosen by name, by flags. */
const choiceSections = ['optimizer', 'schedule', 'loss', 'engine'] as const
export type ChoiceSection = (typeof choiceSections)[number]

/** Names that are chosen on a command line, or by the run or the file that it names. */
export interface ChosenNames {
  readonly optimizer?: string | undefined
  readonly schedule?: string | undefined
  readonly loss?: string | undefined
  readonly engine?: string | undefined
  readonly callbacks: readonly string[]
  /** The data that are named. */
  readonly data?: string | undefined
}

const groups: { readonly [Section in ChoiceSection]: string } = {
  optimizer: 'Optimizer',
  schedule: 'Learning rate',
  loss: 'Loss',
  engine: 'Engine',
}

/** What every optimizer has and flags write otherwise, and what a run has of its own. */
const writtenOtherwise: ReadonlySet<string> = new Set([
  'clipping',
  ...Object.keys(scheduleSection.kinds),
  ...Object.keys(engineSection.kinds),
])

/** What a command line can choose from, and what it chooses. */
interface Choosable {
  readonly section: ChoiceSection
  readonly chosen: Definition
  /** Whether it is chosen in so many words. */
  readonly isSaid: boolean
  readonly definitions: readonly Definition[]
}

async function choosable(section: ChoiceSection, said: string | undefined): Promise<Choosable> {
  const { find } = installedDefinitions()
  const chosen = await find(section, said ?? usual[section])
  // Without a choice, what is known without loading a plugin; of engines, all that are there.
  const names = section === 'engine' ? ['auto'] : namesOf(section, 'own')
  const own = await Promise.all(names.map((name) => find(section, name)))
  const definitions = own.some(({ name }) => name === chosen.name) ? own : [...own, chosen]
  return { section, chosen, isSaid: said !== undefined, definitions }
}

/** The flags of what is chosen by name: the choices themselves, and the options of what can be chosen. */
export async function choiceFlags(names: ChosenNames, taken: ReadonlySet<string>): Promise<readonly Flag[]> {
  const choices = await Promise.all(choiceSections.map((section) => choosable(section, names[section])))
  const flags: Flag[] = []
  for (const each of choices) flags.push(nameFlag(each.section), ...besideFlags(each.section))
  const used = new Set([...taken, ...flags.map(({ name }) => name)])
  for (const each of choices) {
    const others = choices.filter((other) => other !== each)
    flags.push(...optionFlags(each, others, used))
  }
  return [
    ...flags,
    metricFlag(),
    callbackFlag(),
    tensorboardFlag,
    ...(await callbackFlags(names.callbacks)),
    ...(await datasetFlags(names.data)),
  ]
}

/** The flags of one choice. */
export async function sectionChoice(
  section: ChoiceSection,
  names: ChosenNames,
  taken: ReadonlySet<string>,
): Promise<readonly Flag[]> {
  const flags = [nameFlag(section), ...besideFlags(section)]
  const used = new Set([...taken, ...flags.map(({ name }) => name)])
  return [...flags, ...optionFlags(await choosable(section, names[section]), [], used)]
}

function nameFlag(section: ChoiceSection): Flag {
  const names = section === 'engine' ? ['auto', ...engineNames()] : namesOf(section)
  return {
    name: settingWords(`${section}.name`),
    path: `${section}.name`,
    group: groups[section],
    description: `${names.map((name) => printable(name, 60)).join(', ')} (${usual[section]})`,
    value: '<name>',
    read: (text) => text,
  }
}

/** What a run has beside the options of what is chosen. */
function besideFlags(section: ChoiceSection): readonly Flag[] {
  if (section === 'optimizer') return clippingFlags
  if (section === 'schedule') return flagsOf(section, groups[section], scheduleSection.kinds)
  return section === 'engine' ? flagsOf(section, groups[section], engineSection.kinds) : []
}

/** An option under its flag, and what has it. */
interface Owned {
  readonly path: string
  readonly option: AnyOption
  readonly owners: readonly string[]
}

/** The flags of the options of a choice. A flag that several choices would have is that of the one whose chosen definition has it. */
function optionFlags(choices: Choosable, others: readonly Choosable[], used: ReadonlySet<string>): readonly Flag[] {
  const { section, chosen, isSaid, definitions } = choices
  return [...optionsByFlag(choices)].map(([plain, { path, option, owners }]) => {
    const isTaken = used.has(plain) || others.some((other) => comesFirst(plain, other, choices))
    const name = isTaken ? `--${hyphenated(section)}-${plain.slice(2)}` : plain
    const isShared = isSaid || owners.length === definitions.length
    const description = `${isShared ? '' : `${owners.join(', ')}: `}${option.description ?? path}`
    // What says nothing of its options may have any.
    const isUnused = !owners.includes(chosen.name) && chosen.isOpen !== true
    return {
      ...flagOf(name, path, groups[section], { ...option, description }),
      owners,
      choice: chosen.name,
      isUnused,
      isHidden: isUnused && isSaid,
    }
  })
}

/** Whether another choice has a flag before this one: it is chosen with it, or neither is and it stands first. */
function comesFirst(flag: string, other: Choosable, own: Choosable): boolean {
  const theirs = optionsByFlag(other).get(flag)
  if (theirs === undefined) return false
  const isChosen = ({ chosen }: Choosable, owners: readonly string[]): boolean => owners.includes(chosen.name)
  const ownIsChosen = isChosen(own, optionsByFlag(own).get(flag)?.owners ?? [])
  const otherIsChosen = isChosen(other, theirs.owners)
  if (ownIsChosen !== otherIsChosen) return otherIsChosen
  return choiceSections.indexOf(other.section) < choiceSections.indexOf(own.section)
}

/** The options of what can be chosen, by their flags. Where several have one, it is that of what is chosen. */
function optionsByFlag({ section, chosen, definitions }: Choosable): ReadonlyMap<string, Owned> {
  const found = new Map<string, Owned>()
  for (const { name: owner, options } of definitions) {
    for (const [name, kind] of Object.entries(options)) {
      if (kind.schema === undefined || writtenOtherwise.has(name)) continue
      const path = `${section}.${name}`
      const flag = settingWords(path)
      const known = found.get(flag)
      const owners = [...(known?.owners ?? []), owner]
      const own = { path, option: withRunDefault(section, owner, name, kind), owners }
      found.set(flag, known === undefined || owner === chosen.name ? own : { ...known, owners })
    }
  }
  return found
}

/** An option with what a run takes where nothing is said, which may be another value than the option's own. */
function withRunDefault(section: ChoiceSection, owner: string, name: string, option: AnyOption): AnyOption {
  const fallback = section === 'optimizer' ? optimizerDefaults[owner]?.[name] : undefined
  return fallback === undefined ? option : { ...option, required: false, fallback }
}

const callbackFlag = (): Flag => ({
  name: '--callback',
  path: 'callbacks',
  group: 'Callbacks',
  description: `${namesOf('callback')
    .map((name) => printable(name, 60))
    .join(', ')}; several, each by a flag of its own`,
  value: '<name>',
  read: (text) => text,
})

/** A callback that has a flag of its own. */
export const tensorboardFlag: Flag = {
  name: '--tensorboard',
  path: 'callbacks',
  group: 'Callbacks',
  description: 'write what TensorBoard shows into the run folder, as --callback tensorboard does',
  value: undefined,
  read: () => 'tensorboard',
}

/** The options of the set of images that is named, where a plugin provides it: `--shapes-count`. */
async function datasetFlags(data: string | undefined): Promise<readonly Flag[]> {
  const definition = data === undefined ? undefined : await datasetDefinition(data)
  if (definition === undefined) return []
  const { name, options } = definition
  return Object.entries(options).flatMap(([option, kind]) =>
    kind.schema === undefined
      ? []
      : [flagOf(`--${hyphenated(name)}-${hyphenated(option)}`, `data.options.${option}`, `Data ${name}`, kind)],
  )
}

/** The options of the callbacks that are chosen: `--early-stopping-patience`. */
async function callbackFlags(names: readonly string[]): Promise<readonly Flag[]> {
  const { find } = installedDefinitions()
  const definitions = await Promise.all(names.map((name) => find('callback', name)))
  return definitions.flatMap(({ name, options }) =>
    Object.entries(options).flatMap(([option, kind]) =>
      kind.schema === undefined
        ? []
        : [
            flagOf(
              `--${hyphenated(name)}-${hyphenated(option)}`,
              `callbacks.${name}.${option}`,
              `Callback ${name}`,
              kind,
            ),
          ],
    ),
  )
}

/** The name of a callback, however it is spelled: `early-stopping` is `earlyStopping`. */
export async function callbackName(given: string): Promise<string> {
  return (await installedDefinitions().find('callback', given)).name
}

/**
 * Refuses flags that belong to something else than what is chosen: they would be ignored.
 *
 * @throws ConvzooError of kind `option`.
 */
export function requireFitting(flags: readonly Flag[], given: readonly Flag[]): void {
  for (const section of choiceSections) {
    const own = (flag: Flag): boolean => flag.path.startsWith(`${section}.`) && flag.owners !== undefined
    const unused = given.filter((flag) => own(flag) && flag.isUnused === true)
    const [first] = unused
    if (first === undefined) continue
    const used = flags.filter((flag) => own(flag) && flag.isUnused !== true).map(({ name }) => name)
    throw new ConvzooError({
      kind: 'option',
      message: `An option does not go with --${section} ${first.choice}.`,
      expected: used.length === 0 ? 'none' : used.join(', '),
      received: unused.map(({ name }) => name).join(', '),
      hint: `leave it out, or choose another ${section}`,
    })
  }
}
