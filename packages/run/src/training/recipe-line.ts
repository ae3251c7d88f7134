import type { Recipe } from '@convzoo/core'
import { fieldsOf, isOptionsObject, printable } from '@convzoo/core/define'
import { changedSettings, writtenSettings } from '../config/changes.js'
import { namedBy } from '../config/choice.js'
import { completeConfig, type Definitions, type RunSettings } from '../config/config.js'
import { recipesOf, withRecipe } from '../config/recipes.js'

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`

/** What a recipe may choose by name. */
const chosen = ['optimizer', 'schedule', 'loss'] as const

/** What a recipe may say of the training. */
const counts = ['epochs', 'batchSize'] as const

/**
 * How a run is trained, in a line, under the name of its recipe: `recipe  modern: adamW at 0.0003, cosine, batches of 32, 1 epoch`. What is
 * otherwise than the recipe says stands beside the name: `recipe  modern, but --learning-rate 0.01: …`. Where nothing of the recipe is
 * left, no recipe is named: `recipe  none: …`.
 */
export async function recipeLine(name: string, settings: RunSettings, definitions: Definitions): Promise<string> {
  const { network, data, optimizer, schedule, training } = settings
  const recipe: Recipe = (await recipesOf(network.id))[name] ?? {}
  const plain = await completeConfig(await withRecipe(name, { network: network.id, data: data.source }), definitions)
  const changed = changedPaths(recipe, plain, settings)
  const title = !isLeft(recipe, plain, settings)
    ? 'none'
    : changed.length === 0
      ? printable(name)
      : `${printable(name)}, but ${printable(writtenSettings(settings, changed))}`
  const rate = typeof optimizer.learningRate === 'number' ? ` at ${optimizer.learningRate}` : ''
  const rising = schedule.warmUp === 0 ? '' : ` after ${counted(schedule.warmUp, 'step')}`
  const parts = [
    `${printable(optimizer.name)}${rate}`,
    `${printable(schedule.name)}${rising}`,
    `batches of ${training.batchSize}`,
    counted(training.epochs, 'epoch'),
  ]
  return `recipe  ${title}: ${parts.join(', ')}`
}

/** The settings that a recipe says otherwise. Of another optimizer than the recipe's, its name alone. */
function changedPaths(recipe: Recipe, plain: RunSettings, settings: RunSettings): readonly string[] {
  const others = changedSettings(plain, settings)
  return [
    ...chosen.flatMap((section): readonly string[] => {
      if (recipe[section] === undefined) return []
      const paths = others.filter((path) => path.startsWith(`${section}.`))
      return paths.includes(`${section}.name`) ? [`${section}.name`] : paths
    }),
    ...counts.flatMap((count) => {
      const path = `training.${count}`
      return recipe.training?.[count] !== undefined && others.includes(path) ? [path] : []
    }),
  ]
}

/** Whether anything that a recipe says is so: of what it chooses by name, something beside the name where it says more. */
function isLeft(recipe: Recipe, plain: RunSettings, settings: RunSettings): boolean {
  return (
    chosen.some((section) => {
      const said = namedBy('name', recipe[section])
      if (!isOptionsObject(said) || plain[section].name !== settings[section].name) return false
      const options = Object.keys(fieldsOf(said)).filter((option) => option !== 'name')
      const [before, now] = [fieldsOf(plain[section]), fieldsOf(settings[section])]
      return options.length === 0 || options.some((option) => before[option] === now[option])
    }) ||
    counts.some((count) => recipe.training?.[count] !== undefined && plain.training[count] === settings.training[count])
  )
}
