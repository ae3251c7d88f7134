import {
  describeValue,
  isOptionsObject,
  matching,
  requireArguments,
  requireKnownOptions,
  unusableOption,
} from '@convzoo/core/define'
import { changedConfig, type RunChanges } from './changes.js'
import { type RunConfig, recordedNames, sectionNames } from './config.js'
import { papers } from './optimizer-defaults.js'

/** A part of a configuration: what a run takes where nothing else is said. */
export type Recipe = Pick<RunConfig, 'optimizer' | 'schedule' | 'loss' | 'training'>

/** By name. */
export const recipes = {
  /** The notebook's compile call: SGDW with a constant rate. */
  notebook: { optimizer: { name: 'sgdw', learningRate: 0.001, ...papers }, schedule: 'constant' },
} as const satisfies Readonly<Record<string, Recipe>>

const isRecipe = (name: unknown): name is keyof typeof recipes =>
  typeof name === 'string' && Object.hasOwn(recipes, name)

/**
 * A configuration that takes from a recipe what it does not say itself. Another optimizer, schedule or loss than the recipe's brings its
 * own options.
 *
 * @throws ConvzooError of kind `option` if no recipe is of that name.
 * @example
 * await train(withRecipe('notebook', { network: 'alexnet', data: 'flowers', training: { epochs: 90 } }))
 */
export function withRecipe<Config extends Partial<RunConfig>>(name: string, config: Config): Config & Recipe {
  if (!isRecipe(name)) {
    throw unusableOption('--recipe', { expected: Object.keys(recipes).join(', '), received: describeValue(name) })
  }
  requireArguments('withRecipe', { config: [configuration, config] })
  requireKnownOptions('the configuration of a run', config, [...sectionNames, ...recordedNames])
  const said = Object.fromEntries(
    sectionNames.flatMap((section) => (config[section] === undefined ? [] : [[section, config[section]]])),
  )
  return { ...config, ...changedConfig(recipes[name], said as RunChanges) }
}

const configuration = matching('a configuration, or parts of one', isOptionsObject)
