import { ConvzooError } from '@convzoo/core'
import { describeValue, messageOf, requireArguments, requireSpecification, text } from '@convzoo/core/define'
import { type DefinedContract, definedContract, kindOf } from './contracts.js'
import { type Definition, type Factory, isDefinition, isFactory, missingParts } from './definition.js'
import { importPlugin } from './entry.js'
import type { Plugin } from './find.js'
import { pluginKind } from './kinds.js'

/** Contracts that are older than definitions: a plain function that makes the thing serves them too. */
const factoryContracts: readonly DefinedContract[] = ['engine/v1', 'optimizer/v1']

/** The name under which a package exports what is called `csv-log`: `csvLog`. */
const camelCase = (name: string): string => name.replace(/-+(.)/g, (_, letter: string) => letter.toUpperCase())

/**
 * Imports a plugin and gives the definition that it exports: `lion` as `lion`, `csv-log` as `csvLog`. Of an engine or an optimizer, a
 * plain function that makes it will do.
 *
 * @throws ConvzooError of kind `registry` (of an engine: `engine`) if the package cannot be imported or exports no such definition; of
 * kind `specification` if what it exports follows another contract.
 * @example
 * const lion = await loadProvided(plugin, 'optimizer/v1', 'lion')
 * const optimizer = lion({ beta1: 0.95 })
 */
export async function loadProvided(
  plugin: Plugin,
  contract: DefinedContract,
  name: string,
): Promise<Definition | Factory> {
  requireArguments('loadProvided', {
    plugin: [pluginKind, plugin],
    contract: [definedContract, contract],
    name: [text, name],
  })
  const kind = contract === 'engine/v1' ? 'engine' : 'registry'
  const thing = `${kindOf(contract)} "${name}"`
  const owner = `${plugin.name}@${plugin.version}`
  const module = await importPlugin(plugin).catch((cause: unknown) => {
    if (ConvzooError.isInstance(cause)) throw cause
    throw new ConvzooError({
      kind,
      message: `The package ${owner}, which declares the ${thing}, cannot be imported.`,
      received: messageOf(cause),
      hint: 'install it again',
      cause,
    })
  })
  const place = Object.hasOwn(module, name) ? name : camelCase(name)
  const provided: unknown = module[place]
  if (isDefinition(provided)) {
    requireSpecification(`The ${thing} of ${owner}`, provided.specification, contract)
    if (provided.name === name) return provided
  } else if (isFactory(provided) && factoryContracts.includes(contract)) return provided
  throw new ConvzooError({
    kind,
    message: `The package ${owner} declares the ${thing} and exports no definition of it.`,
    expected: `export const ${place} = ${definerOf(contract)}({ specification: '${contract}', name: '${name}', title, options, … })`,
    received: place in module ? `${place}: ${receivedOf(provided)}` : Object.keys(module).join(', ') || 'no exports',
    hint: `install another version of ${plugin.name}, or tell its author`,
  })
}

/** `defineOptimizer` for `optimizer/v1`. */
const definerOf = (contract: DefinedContract): string =>
  `define${kindOf(contract).replace(/^./, (first) => first.toUpperCase())}`

function receivedOf(provided: unknown): string {
  if (isDefinition(provided)) return `the definition of "${provided.name}"`
  if (typeof provided !== 'function') return describeValue(provided)
  return `a function without ${missingParts(provided).join(', ')}`
}
