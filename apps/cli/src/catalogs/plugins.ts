import { fileURLToPath } from 'node:url'
import { ConvzooError, type ResolvedArchitecture, sharedRegistry, unusableOption } from '@convzoo/core'
import { type EngineFactory, type FoundPlugins, findPlugins, loadArchitectures, loadEngine } from '@convzoo/plugins'

/** The plugins of the project in the current folder, and those that come with the command line. Nothing is loaded. */
export const installedPlugins = (): FoundPlugins => findPlugins({ program: fileURLToPath(import.meta.url) })

/**
 * The architecture and tag of an id. Only the package that provides it is loaded.
 *
 * @throws ConvzooError of kind `registry` that says what to install if no installed package provides it, or why the one that does
 * cannot be loaded.
 */
export async function resolveArchitecture(id: string): Promise<ResolvedArchitecture> {
  const [name = ''] = id.split('.')
  const installed = installedPlugins()
  const isProvider = ({ architectures }: { readonly architectures: readonly string[] }): boolean =>
    architectures.includes(name)
  if (!installed.plugins.some(isProvider)) {
    const { unknownArchitecture } = await import('./unknown-architecture.js')
    throw await unknownArchitecture(id, installed)
  }
  const { plugins, problems } = await loadArchitectures(installed, [name])
  const broken = problems.find(isProvider)
  if (broken !== undefined && !plugins.some(isProvider)) {
    const reason = ConvzooError.isInstance(broken.error) ? broken.error.sentence : broken.error.message
    throw new ConvzooError({
      kind: 'registry',
      message: `${broken.name}@${broken.version}, which provides "${name}", cannot be loaded: ${reason}`,
      received: broken.folder,
      mend: `install another version of ${broken.name}, or tell its author`,
      cause: broken.error,
    })
  }
  return sharedRegistry().resolve(id)
}

/**
 * What makes the engine of a plugin. Only that plugin is loaded.
 *
 * @throws ConvzooError of kind `option` if no installed package provides it.
 */
export async function pluginEngine(name: string, own: readonly string[]): Promise<EngineFactory> {
  const { plugins } = installedPlugins()
  const provider = plugins.find(({ engines }) => engines.includes(name))
  if (provider !== undefined) return loadEngine(provider, name)
  throw unusableOption('--engine', {
    expected: `one of ${[...new Set([...own, ...plugins.flatMap(({ engines }) => engines)])].join(', ')}`,
    received: name,
    mend: 'npm search keywords:convzoo-engine lists packages with more',
  })
}
