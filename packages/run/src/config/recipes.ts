import type { Recipe } from '@convzoo/core'
import {
  describeValue,
  fieldsOf,
  isOptionsObject,
  matching,
  requireArguments,
  requireKnownOptions,
  unusableOption,
} from '@convzoo/core/define'
import { changedConfig, type RunChanges } from './changes.js'
import { namedBy } from './choice.js'
import { type RunConfig, recordedNames, sectionNames, usual } from './config.js'
import { papers } from './optimizer-defaults.js'

/** Those that every network has, by name; a network may have others, and its own of the same name. */
export const recipes = {
  /** What a run takes where nothing is said: AdamW, whose rate falls as half a cosine. */
  modern: { optimizer: { name: usual.optimizer, learningRate: 3e-4 }, schedule: usual.schedule },
  /** The notebook's compile call: SGDW with a constant rate. */
  notebook: { optimizer: { name: 'sgdw', learningRate: 0.001, ...papers }, schedule: 'constant' },
} as const satisfies Readonly<Record<string, Recipe>>

/** That which is taken where none is asked for. */
export const usualRecipe = 'modern' satisfies keyof typeof recipes

const configuration = matching('a configuration, or parts of one', isOptionsObject)

/** The id of the network that a configuration names, if it does. */
function networkIn(config: object): string | undefined {
  const network = namedBy('id', fieldsOf(config).network)
  const id: unknown = isOptionsObject(network) ? fieldsOf(network).id : undefined
  return typeof id === 'string' && id !== '' ? id : undefined
}

/**
 * The recipes of a network, by name: those that every network has, and its own, which go before.
 *
 * @throws ConvzooError of kind `registry` if no installed package provides it.
 */
export async function recipesOf(network: string): Promise<Readonly<Record<string, Recipe>>> {
  const { resolveArchitecture } = await import('../plugins/installed.js')
  const { tag } = await resolveArchitecture(network)
  return { ...recipes, ...tag.recipes }
}

/**
 * A configuration that takes from a recipe what it does not say itself: from that of its network, if it names one that has it. Another
 * optimizer, schedule or loss than the recipe's brings its own options.
 *
 * @throws ConvzooError of kind `option` if no recipe is of that name, of kind `registry` if no installed package provides the network.
 * @example
 * await train(await withRecipe('notebook', { network: 'alexnet', data: 'flowers', training: { epochs: 90 } }))
 */
export async function withRecipe<Config extends Partial<RunConfig>>(
  name: string,
  config: Config,
): Promise<Config & Pick<RunConfig, keyof Recipe>> {
  requireArguments('withRecipe', { config: [configuration, config] })
  requireKnownOptions('the configuration of a run', config, [...sectionNames, ...recordedNames])
  const network = networkIn(config)
  const all: Readonly<Record<string, Recipe>> = network === undefined ? recipes : await recipesOf(network)
  const recipe = typeof name === 'string' && Object.hasOwn(all, name) ? all[name] : undefined
  if (!isOptionsObject(recipe)) {
    throw unusableOption('--recipe', {
      expected: `one of ${Object.keys(all).join(', ')}`,
      received: describeValue(name),
    })
  }
  const said = Object.fromEntries(
    sectionNames.flatMap((section) => (config[section] === undefined ? [] : [[section, config[section]]])),
  )
  return { ...config, ...changedConfig(recipe as Partial<RunConfig>, said as RunChanges) }
}
