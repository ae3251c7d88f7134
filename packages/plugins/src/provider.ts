import { ConvzooError } from '@convzoo/core'
import {
  defineOptions,
  messageOf,
  nearestNames,
  optional,
  requireArguments,
  text,
  texts,
  unusableOption,
} from '@convzoo/core/define'
import { type Contract, contractKind, keywordOf, kindOf } from './contracts.js'
import type { FoundPlugins, Plugin } from './find.js'
import { foundKind } from './kinds.js'

export interface ProviderOptions {
  /** The option by which a name was chosen, for the error: `--optimizer`. */
  readonly option?: string | undefined
  /** Names that need no plugin, for the error. None by default. */
  readonly own?: readonly string[] | undefined
}

const options = defineOptions({ option: optional(text), own: optional(texts, []) })

/**
 * The plugin that provides what is called by this name.
 *
 * @throws ConvzooError of kind `option` if none does: with the names that there are, the nearest of them, and the keyword by which npm
 * finds packages with more; of kind `registry` if the package that does cannot be used.
 * @example
 * const plugin = providerOf(findPlugins(), 'optimizer/v1', 'lion', { option: '--optimizer', own: ['sgdw', 'adamw'] })
 */
export function providerOf(found: FoundPlugins, contract: Contract, name: string, given: ProviderOptions = {}): Plugin {
  requireArguments('providerOf', {
    found: [foundKind, found],
    contract: [contractKind, contract],
    name: [text, name],
  })
  const { option, own } = options.parse('providerOf', given)
  const provides = ({ provides: { [contract]: names } }: Plugin): boolean => names.includes(name)
  const provider = found.plugins.find(provides)
  if (provider !== undefined) return provider
  const kind = kindOf(contract)
  const broken = found.problems.find(provides)
  if (broken !== undefined) {
    throw new ConvzooError({
      kind: 'registry',
      message: `The package ${broken.name}@${broken.version}, which declares the ${kind} "${name}", cannot be used: ${reasonOf(broken.error)}`,
      received: broken.folder,
      hint: `install another version of ${broken.name}, or tell its author`,
      cause: broken.error,
    })
  }
  const names = [...new Set([...own, ...found.plugins.flatMap(({ provides: { [contract]: more } }) => more)])]
  const near = nearestNames(name, names)
  const search = `npm search keywords:${keywordOf(contract)} lists packages with more`
  const fields = {
    expected: names.length === 0 ? `an installed package that provides one` : `one of ${names.join(', ')}`,
    received: name,
    hint: near.length === 0 ? search : `did you mean ${near.join(' or ')}? ${search}`,
  }
  if (option !== undefined) throw unusableOption(option, fields)
  throw new ConvzooError({
    kind: 'option',
    message: `No package that is installed provides the ${kind} "${name}".`,
    ...fields,
  })
}

const reasonOf = (error: Error): string => (ConvzooError.isInstance(error) ? error.sentence : messageOf(error))
