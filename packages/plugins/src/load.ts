import { realpathSync, statSync } from 'node:fs'
import { join, sep } from 'node:path'
import { pathToFileURL } from 'node:url'
import {
  type Architecture,
  ConvzooError,
  defineOptions,
  describeValue,
  type Engine,
  type EngineDefinition,
  engineSpecification,
  isEngineDefinition,
  isError,
  isOptionsObject,
  matching,
  messageOf,
  optional,
  requireArguments,
  requireSpecification,
  sharedRegistry,
  text,
  texts,
} from '@convzoo/core'
import { exports as exported, legacy } from 'resolve.exports'
import { type FindOptions, type FoundPlugins, findPlugins, type Plugin, type PluginProblem } from './find.js'
import { type Manifest, packageIn } from './installed.js'

/** A plugin whose architectures are registered. */
export interface LoadedPlugin extends Plugin {
  readonly registered: readonly Architecture[]
}

export interface LoadedPlugins {
  readonly plugins: readonly LoadedPlugin[]
  readonly problems: readonly PluginProblem[]
}

export interface LoadOptions extends FindOptions {
  /** Load only what provides these architectures; all by default. */
  readonly architectures?: readonly string[] | undefined
}

const options = defineOptions({
  project: optional(text),
  program: optional(text),
  architectures: optional(
    matching(
      'a list of names',
      (value): value is readonly string[] => Array.isArray(value) && value.every((name) => typeof name === 'string'),
    ),
  ),
})

/**
 * Finds a project's plugins and imports those that provide architectures, which registers them: `createModel` knows their ids then.
 * A plugin that cannot be loaded is reported and leaves the others alone.
 *
 * @throws ConvzooError of kind `option` for a bad option.
 * @example
 * const { problems } = await loadPlugins()
 * for (const { name, error } of problems) console.warn(`${name}: ${error.message}`)
 * const model = createModel('my-net', { classes: 10 })
 */
export async function loadPlugins(given: LoadOptions = {}): Promise<LoadedPlugins> {
  const { architectures, ...where } = options.parse('loadPlugins', given)
  return loadArchitectures(findPlugins(where), architectures)
}

const isPlugin = (given: unknown): given is Plugin =>
  isOptionsObject(given) &&
  ['name', 'version'].every((part) => typeof Reflect.get(given, part) === 'string') &&
  ['architectures', 'engines'].every((list) => Array.isArray(Reflect.get(given, list)))

const pluginKind = matching('a plugin, as findPlugins() gives it', isPlugin)

const foundKind = matching(
  'what findPlugins() gives',
  (given): given is FoundPlugins =>
    isOptionsObject(given) &&
    'plugins' in given &&
    Array.isArray(given.plugins) &&
    given.plugins.every(isPlugin) &&
    'problems' in given &&
    Array.isArray(given.problems),
)

/** Imports plugins that were found: those that provide one of the names, or all that provide architectures. */
export async function loadArchitectures(found: FoundPlugins, names?: readonly string[]): Promise<LoadedPlugins> {
  requireArguments('loadArchitectures', { found: [foundKind, found], names: [optional(texts), names] })
  const { plugins, problems } = found
  const loaded: LoadedPlugin[] = []
  const failed: PluginProblem[] = []
  const wanted = plugins.filter(({ architectures }) =>
    names === undefined ? architectures.length > 0 : architectures.some((name) => names.includes(name)),
  )
  for (const plugin of wanted) {
    try {
      await importPlugin(plugin)
      loaded.push({ ...plugin, registered: registeredBy(plugin) })
    } catch (error) {
      failed.push({ ...plugin, error: asError(error) })
    }
  }
  return { plugins: loaded, problems: [...problems, ...failed] }
}

/** Makes an engine; what options it takes is the engine's own affair. */
export interface EngineFactory {
  (options: Readonly<Record<string, unknown>>): Engine
  /** What it says of itself and of its options; not there where the package exports a plain function. */
  readonly definition?: EngineDefinition
}

/**
 * Imports a plugin and gives the function of the engine's name that it exports: one that `defineEngine` has made, with what it says of its
 * options, or a plain one.
 *
 * @throws ConvzooError of kind `engine` if it exports no such function; what the function makes is checked when it is called.
 */
export async function loadEngine(plugin: Plugin, name: string): Promise<EngineFactory> {
  requireArguments('loadEngine', { plugin: [pluginKind, plugin], name: [text, name] })
  const module = await importPlugin(plugin).catch((cause: unknown) => {
    if (ConvzooError.isInstance(cause)) throw cause
    throw new ConvzooError({
      kind: 'engine',
      message: `The package ${plugin.name}@${plugin.version}, which declares the engine "${name}", cannot be imported.`,
      received: messageOf(cause),
      mend: 'install it again',
      cause,
    })
  })
  const make: unknown = module[name]
  if (typeof make !== 'function') {
    throw new ConvzooError({
      kind: 'engine',
      message: `The package ${plugin.name}@${plugin.version} declares the engine "${name}" and exports no function of that name.`,
      expected: `export function ${name}(options): Engine`,
      received: Object.keys(module).join(', ') || 'no exports',
    })
  }
  const checked = (options: Readonly<Record<string, unknown>>): Engine => {
    const engine = madeBy(plugin, name, () => make(options))
    requireSpecification(
      `The engine "${name}" of ${plugin.name}@${plugin.version}`,
      // A plugin's function may give anything, nothing included.
      Reflect.get(Object(engine), 'specification'),
      engineSpecification,
    )
    return engine
  }
  return isEngineDefinition(make) ? Object.assign(checked, { definition: make }) : checked
}

/** What a plugin's function gives. An error that is none of convzoo's does not say whose it is. */
function madeBy({ name, version }: Plugin, engine: string, make: () => Engine): Engine {
  try {
    return make()
  } catch (cause) {
    if (ConvzooError.isInstance(cause)) throw cause
    throw new ConvzooError({
      kind: 'engine',
      message: `The engine "${engine}" of ${name}@${version} cannot be made: ${asError(cause).message}`,
      mend: `install another version of ${name}, or tell its author`,
      cause,
    })
  }
}

async function importPlugin({ folder, name, version }: Plugin): Promise<Readonly<Record<string, unknown>>> {
  const entry = entryOf(packageIn(folder)?.manifest ?? {})
  if (entry !== undefined) return import(pathToFileURL(insideOf({ folder, name, version }, entry)).href)
  throw new ConvzooError({
    kind: 'file',
    message: `The package ${name}@${version} has no entry that can be imported.`,
    expected: '"exports" with "." in its package.json',
    received: describeValue(packageIn(folder)?.manifest.exports),
  })
}

/**
 * The path of an entry, which must be a file and lie in the package: a pipe would never end, and a manifest that leads elsewhere would
 * have another package's code, or the user's, run under its name.
 *
 * @throws ConvzooError of kind `file`.
 */
function insideOf({ folder, name, version }: Pick<Plugin, 'folder' | 'name' | 'version'>, entry: string): string {
  const path = join(folder, entry)
  if (`${real(path)}${sep}`.startsWith(`${real(folder)}${sep}`)) {
    if (statSync(path, { throwIfNoEntry: false })?.isFile() !== false) return path
    throw new ConvzooError({
      kind: 'file',
      message: `The entry of the package ${name}@${version} is no regular file.`,
      expected: `a file in ${folder}`,
      received: entry,
      mend: `install ${name} anew, or tell its author`,
    })
  }
  throw new ConvzooError({
    kind: 'file',
    message: `The entry of the package ${name}@${version} lies outside of it.`,
    expected: `a file in ${folder}`,
    received: entry,
    mend: `uninstall ${name}, or tell its author`,
  })
}

/** Without symbolic links; what is not there is where its name says. */
function real(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}

function entryOf(manifest: Manifest): string | undefined {
  if (manifest.exports === undefined) return legacy(manifest, { browser: false, fields: ['main'] }) ?? 'index.js'
  try {
    return exported(manifest, '.')?.[0]
  } catch {
    return undefined
  }
}

function registeredBy({ name, version, architectures }: Plugin): readonly Architecture[] {
  const registered = sharedRegistry().list()
  return architectures.map((wanted) => {
    const found = registered.find((architecture) => architecture.name === wanted)
    if (found !== undefined) return found
    throw new ConvzooError({
      kind: 'registry',
      message: `The package ${name}@${version} declares the architecture "${wanted}" and does not register it.`,
      expected: `register(…) of "${wanted}" when the package is imported`,
      received: registered.map((architecture) => architecture.name).join(', ') || 'nothing registered',
    })
  })
}

const asError = (thrown: unknown): Error => (isError(thrown) ? thrown : new Error(String(thrown)))
