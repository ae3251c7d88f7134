import { type Architecture, ConvzooError, sharedRegistry } from '@convzoo/core'
import { defineOptions, isError, optional, requireArguments, texts } from '@convzoo/core/define'
import { importPlugin } from './entry.js'
import { type FindOptions, type FoundPlugins, findParts, findPlugins, type Plugin, type PluginProblem } from './find.js'
import { foundKind } from './kinds.js'

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

const options = defineOptions({ ...findParts, architectures: optional(texts) })

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
