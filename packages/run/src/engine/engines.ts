import { ConvzooError, type DeviceReport, type Engine } from '@convzoo/core'
import { type AnyOption, internalError, messageOf } from '@convzoo/core/define'
import { loadEngine, type Plugin, providerOf } from '@convzoo/plugins'
import { settingWords } from '../config/words.js'
import { asDefinition, type Definition } from '../plugins/definition.js'
import { installedPlugins } from '../plugins/installed.js'
import { knownEngines } from '../plugins/known.js'
import { missingPackage } from '../plugins/not-installed.js'

const contract = 'engine/v1'

/** The name under which the best device of all engines is chosen. */
export const automatic = 'auto'

/** Names of the engines that are installed. Nothing is loaded. */
export const engineNames = (): readonly string[] => providers().map(({ name }) => name)

interface Provider {
  readonly name: string
  readonly plugin: Plugin
}

const providers = (): readonly Provider[] =>
  installedPlugins().plugins.flatMap((plugin) => plugin.engines.map((name) => ({ name, plugin })))

/** An engine that is installed, and what can be known of it. */
export interface InstalledEngine {
  readonly name: string
  readonly plugin: Plugin
  /** Undefined where it cannot be loaded. */
  readonly definition: Definition<Engine> | undefined
  readonly devices: readonly DeviceReport[]
}

/**
 * All installed engines with their devices. One that cannot be loaded or asked is there with the reason.
 *
 * @example
 * for (const { name, devices } of await inspectEngines()) console.log(name, devices.map(({ device }) => device))
 */
export function inspectEngines(): Promise<readonly InstalledEngine[]> {
  return Promise.all(providers().map(inspected))
}

async function inspected({ name, plugin }: Provider): Promise<InstalledEngine> {
  try {
    const definition = await load(name, plugin)
    return { name, plugin, definition, devices: await definition({}).devices() }
  } catch (error) {
    const reason = ConvzooError.isInstance(error) ? error.sentence : messageOf(error)
    const hint = ConvzooError.isInstance(error) && error.hint !== undefined ? { hint: error.hint } : {}
    const unusable = {
      device: 'none',
      available: false,
      description: `${plugin.name}@${plugin.version}`,
      reason,
      ...hint,
    }
    return { name, plugin, definition: undefined, devices: [unusable] }
  }
}

/** The engines that convzoo knows and that are not installed: each with one device that is not available, which says what to install. */
export function missingEngines(): Promise<readonly Pick<InstalledEngine, 'name' | 'devices'>[]> {
  const names = new Set(declared())
  return Promise.all(
    Object.entries(knownEngines)
      .filter(([name]) => !names.has(name))
      .map(async ([name, provider]) => {
        const { hint = '' } = await missingPackage(provider)
        const device = { device: 'none', available: false, description: provider, reason: 'it is not installed', hint }
        return { name, devices: [device] }
      }),
  )
}

/** The names that installed packages declare, those among them that cannot be used included. */
const declared = (): readonly string[] => {
  const { plugins, problems } = installedPlugins()
  return [...plugins, ...problems].flatMap(({ provides }) => provides[contract])
}

async function load(name: string, plugin: Plugin): Promise<Definition<Engine>> {
  const make = await loadEngine(plugin, name)
  const { title = name, options = {} } = make.definition ?? {}
  const engine = (given: Readonly<Record<string, unknown>> = {}): Engine => make(given)
  return asDefinition(engine, { specification: contract, name, title, options, isOpen: make.definition === undefined })
}

/**
 * What makes an engine of this name. Under `auto` it stands for whichever is chosen, and takes the options of all.
 *
 * @throws ConvzooError of kind `option` if no installed package provides it, and of kind `registry`, with what to install, if convzoo
 * knows one that does.
 */
export async function engineDefinition(name: string): Promise<Definition<Engine>> {
  if (name !== automatic) {
    if (isKnown(name) && !declared().includes(name)) throw await missingPackage(knownEngines[name])
    return load(
      name,
      providerOf(installedPlugins(), contract, name, { option: settingWords('engine.name'), own: [automatic] }),
    )
  }
  const all = await Promise.all(providers().map(({ name: each, plugin }) => load(each, plugin).catch(() => undefined)))
  const options: Record<string, AnyOption> = {}
  for (const definition of all) Object.assign(options, definition?.options)
  const none = (): Engine => {
    throw internalError('No engine is called auto: it stands for the one that is chosen.')
  }
  return asDefinition(none, { specification: contract, name, title: 'the best that is here', options })
}

const isKnown = (name: string): name is keyof typeof knownEngines => Object.hasOwn(knownEngines, name)
