import { printable } from '@convzoo/core/define'
import { completeConfig, type Definitions, type RunSettings } from '../config/config.js'
import { withRecipe } from '../config/recipes.js'

/** What a recipe decides. */
const decided = ['optimizer', 'schedule', 'loss'] as const

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

/**
 * How a run is trained, in a line, under the name of its recipe: `recipe  modern: adamW at 0.0003, cosine, batches of 32, 1 epoch`. What was said
 * otherwise than the recipe has it makes it `modern, changed`.
 */
export async function recipeLine(name: string, settings: RunSettings, definitions: Definitions): Promise<string> {
  const { network, data, optimizer, schedule, training } = settings
  const { epochs, batchSize } = training
  const plain = await completeConfig(await withRecipe(name, { network: network.id, data: data.source }), definitions)
  const isChanged =
    decided.some((section) => !same(plain[section], settings[section])) ||
    !same([plain.training.epochs, plain.training.batchSize], [epochs, batchSize])
  const rate = typeof optimizer.learningRate === 'number' ? ` at ${optimizer.learningRate}` : ''
  const rising = schedule.warmUp === 0 ? '' : ` after ${counted(schedule.warmUp, 'step')}`
  const parts = [
    `${printable(optimizer.name)}${rate}`,
    `${printable(schedule.name)}${rising}`,
    `batches of ${batchSize}`,
    counted(epochs, 'epoch'),
  ]
  return `recipe  ${printable(name)}${isChanged ? ', changed' : ''}: ${parts.join(', ')}`
}
