import { ConvzooError } from '@convzoo/core'
import { messageOf, printable, requireArguments, text } from '@convzoo/core/define'
import { weightsSpecification } from './contracts.js'
import { insideOf } from './entry.js'
import type { FoundPlugins, Plugin } from './find.js'
import { foundKind } from './kinds.js'
import type { PublishedWeights } from './published-weights.js'

/** Weights that an installed package ships. */
export interface InstalledWeights extends PublishedWeights {
  readonly name: string
  readonly plugin: Plugin
  /** Their file, which was not opened yet. */
  readonly path: string
}

/**
 * The weights that are called by a name, or that a package of this name ships, if it ships one alone. Nothing is loaded. Undefined where no
 * package that is installed has them.
 *
 * @throws ConvzooError of kind `registry` if the package that is named cannot be used, or ships no weights; of kind `option` if it ships
 * several; of kind `file` if it says that they lie outside of it.
 * @example
 * const { path, network } = weightsOf(findPlugins(), '@scope/digits') ?? {}
 */
export function weightsOf(found: FoundPlugins, name: string): InstalledWeights | undefined {
  requireArguments('weightsOf', { found: [foundKind, found], name: [text, name] })
  const provider = found.plugins.find(({ provides }) => provides[weightsSpecification].includes(name))
  if (provider !== undefined) return inPackage(provider, name)
  const owner = found.plugins.find((plugin) => plugin.name === name)
  if (owner !== undefined) return inPackage(owner, onlyOne(owner))
  const broken = found.problems.find(
    (plugin) => plugin.name === name || plugin.provides[weightsSpecification].includes(name),
  )
  if (broken === undefined) return undefined
  const { error } = broken
  throw new ConvzooError({
    kind: 'registry',
    message: `The weights of ${broken.name}@${broken.version} cannot be used: ${ConvzooError.isInstance(error) ? error.sentence : messageOf(error)}`,
    received: broken.folder,
    hint: `install another version of ${broken.name}, or tell its author`,
    cause: error,
  })
}

/** @throws ConvzooError unless a package ships weights of one name. */
function onlyOne({ name, version, provides }: Plugin): string {
  const names = provides[weightsSpecification]
  const [only, ...others] = names
  if (only !== undefined && others.length === 0) return only
  if (only === undefined) {
    throw new ConvzooError({
      kind: 'registry',
      message: `The package ${name}@${version} ships no weights.`,
      expected: `"${weightsSpecification}" under "convzoo" in its package.json`,
      received: Object.entries(provides)
        .flatMap(([contract, some]) => (some.length === 0 ? [] : contract))
        .join(', '),
    })
  }
  throw new ConvzooError({
    kind: 'option',
    message: `The package ${name}@${version} ships several weights.`,
    expected: `one of ${names.map((each) => printable(each)).join(', ')}`,
    received: name,
    hint: 'give the name of the weights in place of the package’s',
  })
}

function inPackage(plugin: Plugin, name: string): InstalledWeights | undefined {
  const declared = plugin.weights[name]
  if (declared === undefined) return undefined
  return {
    ...declared,
    name,
    plugin,
    path: insideOf(plugin, declared.file, `file of the weights "${printable(name)}"`),
  }
}
