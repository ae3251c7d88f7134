import {
  lossDefinitions,
  oneOf,
  optimizerDefinitions,
  optional,
  requireArguments,
  scheduleDefinitions,
  text,
} from '@convzoo/core/define'
import { type DefinedContract, isDefinition, loadProvided, providerOf } from '@convzoo/plugins'
import { callbackDefinitions, metricDefinitions } from '@convzoo/trainer/settings'
import type { ChoiceKind, Definitions } from '../config/config.js'
import { isSpelled } from '../config/spelling.js'
import { settingWords } from '../config/words.js'
import { engineDefinition } from '../engine/engines.js'
import { asDefinition, type Definition } from './definition.js'
import { installedPlugins } from './installed.js'

type OwnKind = Exclude<ChoiceKind, 'engine'>

const ownKinds = ['optimizer', 'loss', 'schedule', 'callback', 'metric'] as const satisfies readonly OwnKind[]

/** Names that something had in configurations before, and has on the command line still. */
const otherNames: Readonly<Record<string, string>> = { step: 'stepDecay' }

/** A schedule of another one: a run has its steps beside whichever is chosen. */
const beside = 'warmUp'

/** What needs no plugin, by kind and name. */
const own: { readonly [Kind in OwnKind]: () => Readonly<Record<string, Definition>> } = {
  optimizer: () => asDefinitions(optimizerDefinitions),
  loss: () => asDefinitions(lossDefinitions),
  schedule: () =>
    Object.fromEntries(
      Object.entries(scheduleDefinitions())
        .filter(([name]) => name !== beside)
        .map(([name, one]) => [name, overRun(one)]),
    ),
  callback: () => chosenByName(asDefinitions(callbackDefinitions)),
  metric: () => asDefinitions(metricDefinitions),
}

/** Definitions whose options were checked before they are made, whatever the compiler knows of them. */
const asDefinitions = (definitions: object): Readonly<Record<string, Definition>> =>
  definitions as Readonly<Record<string, Definition>>

/** Callbacks that every run has. */
const ofEveryRun: readonly string[] = ['recorder', 'checkpoints', 'waitMeter']

/** Those that a configuration can hold: whose options JSON can write, where they are required. */
const chosenByName = (definitions: Readonly<Record<string, Definition>>): Readonly<Record<string, Definition>> =>
  Object.fromEntries(
    Object.entries(definitions).filter(
      ([name, { options }]) =>
        !ofEveryRun.includes(name) &&
        Object.values(options).every(({ required, schema }) => !required || schema !== undefined),
    ),
  )

/** Where it stands in a configuration. */
const settings: { readonly [Kind in OwnKind]: string } = {
  optimizer: 'optimizer.name',
  loss: 'loss.name',
  schedule: 'schedule.name',
  callback: 'callbacks',
  metric: 'metrics',
}

/** The names of what needs no plugin, and of what the installed plugins provide; or of the former alone. */
export function namesOf(kind: OwnKind, which: 'own' | 'all' = 'all'): readonly string[] {
  requireArguments('namesOf', { kind: [oneOf(...ownKinds), kind], which: [optional(oneOf('own', 'all')), which] })
  if (which === 'own') return Object.keys(own[kind]())
  const provided = installedPlugins().plugins.flatMap(({ provides }) => provides[contractOf(kind)])
  return [...new Set([...Object.keys(own[kind]()), ...provided])]
}

const contractOf = (kind: OwnKind): DefinedContract => `${kind}/v1`

/** A run gives a schedule its highest value and its steps; a user chooses the rest. */
function overRun(schedule: ReturnType<typeof scheduleDefinitions>[string]): Definition {
  const { name, title, runOptions: options } = schedule
  return asDefinition((given) => schedule.make(given), { specification: contractOf('schedule'), name, title, options })
}

/** Names come from the user: `constructor` is none of a schedule. */
function scheduleOf(name: string): ReturnType<typeof scheduleDefinitions>[string] | undefined {
  const all = scheduleDefinitions()
  return Object.hasOwn(all, name) ? all[name] : undefined
}

/** What can be chosen by name here: ours, and what the plugins of the project provide. */
export function installedDefinitions(): Definitions {
  return {
    async find(kind, given) {
      requireArguments('find', { kind: [oneOf(...ownKinds, 'engine'), kind], name: [text, given] })
      if (kind === 'engine') return engineDefinition(given)
      const name = (Object.hasOwn(otherNames, given) ? otherNames[given] : undefined) ?? given
      const ours = own[kind]()
      const known = Object.values(ours).find((each) => isSpelled(each.name, name))
      if (known !== undefined) return known
      const found = installedPlugins()
      const contract = contractOf(kind)
      const provided = found.plugins.flatMap(({ provides }) => provides[contract])
      const exact = provided.find((each) => isSpelled(each, name)) ?? name
      const plugin = providerOf(found, contract, exact, {
        option: settingWords(settings[kind]),
        own: Object.keys(ours),
      })
      const make = await loadProvided(plugin, contract, exact)
      // One that was imported stands in core's table.
      const schedule = kind === 'schedule' ? scheduleOf(exact) : undefined
      if (schedule !== undefined) return overRun(schedule)
      if (isDefinition(make)) return make
      return asDefinition((options) => make(options), {
        specification: contract,
        name: exact,
        title: exact,
        options: {},
        isOpen: true,
      })
    },
  }
}
