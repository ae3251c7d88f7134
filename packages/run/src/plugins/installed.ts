import { fileURLToPath } from 'node:url'
import { ConvzooError, type ResolvedArchitecture, sharedRegistry } from '@convzoo/core'
import {
  lossDefinitions,
  matching,
  optimizerDefinitions,
  requireArguments,
  scheduleDefinitions,
  text,
} from '@convzoo/core/define'
import { type FoundPlugins, findPlugins, loadArchitectures } from '@convzoo/plugins'
import { datasetNames } from '../source/dataset-names.js'

/** Whose dependencies count as plugins besides those of the project. */
let program = fileURLToPath(import.meta.url)

const moduleAddress = matching(
  'the address of a module: import.meta.url',
  (given): given is string => typeof given === 'string' && given.startsWith('file:'),
)

/**
 * Lets a package bring plugins along: what it depends on is found as if the user's project had it. A program that is built on
 * convzoo and ships its own networks or engines says so once, before it trains.
 *
 * @throws ConvzooError of kind `option` if it is no address of a file.
 * @example
 * bringPlugins(import.meta.url)
 */
export function bringPlugins(url: string): void {
  requireArguments('bringPlugins', { url: [moduleAddress, url] })
  program = fileURLToPath(url)
}

/** The plugins of the project in the current folder, and those that the program brings along. Nothing is loaded. */
export const installedPlugins = (): FoundPlugins => findPlugins({ program, reserved })

/** Names that are ours, by contract: no package can take them. */
const reserved = {
  'optimizer/v1': Object.keys(optimizerDefinitions),
  'loss/v1': Object.keys(lossDefinitions),
  // Those of plugins that were imported stand beside them.
  'schedule/v1': Object.values(scheduleDefinitions()).flatMap((each) =>
    each.package === '@convzoo/core' ? each.name : [],
  ),
  'dataset/v1': datasetNames,
}

/**
 * The architecture and tag of an id. Only the package that provides it is loaded.
 *
 * @throws ConvzooError of kind `registry` that says what to install if no installed package provides it, or why the one that does
 * cannot be loaded.
 */
export async function resolveArchitecture(id: string): Promise<ResolvedArchitecture> {
  requireArguments('resolveArchitecture', { id: [text, id] })
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
      hint: `install another version of ${broken.name}, or tell its author`,
      cause: broken.error,
    })
  }
  return sharedRegistry().resolve(id)
}
