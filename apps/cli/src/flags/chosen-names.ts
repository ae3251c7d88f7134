import { join } from 'node:path'
import { isOptionsObject } from '@convzoo/core/define'
import { readConfigFile, recipes, recipesOf, usualRecipe, withRecipe } from '@convzoo/run/config'
import { type ChosenNames, tensorboardFlag } from './choices.js'

/** All that a command line says under a flag: `--optimizer lion` and `--optimizer=lion`. */
function valuesOf(flag: string, parameters: readonly string[]): readonly string[] {
  return parameters.flatMap((each, place) => {
    const next = parameters[place + 1]
    if (each === flag) return next === undefined ? [] : [next]
    return each.startsWith(`${flag}=`) ? [each.slice(flag.length + 1)] : []
  })
}

const nameIn = (choice: unknown): string | undefined => {
  const name: unknown = isOptionsObject(choice) ? Reflect.get(choice, 'name') : choice
  return typeof name === 'string' ? name : undefined
}

const networkIn = (config: object): string | undefined => {
  const network: unknown = Reflect.get(config, 'network')
  const id: unknown = isOptionsObject(network) ? Reflect.get(network, 'id') : network
  return typeof id === 'string' ? id : undefined
}

const sourceIn = (data: unknown): string | undefined => {
  const source: unknown = isOptionsObject(data) ? Reflect.get(data, 'source') : data
  return typeof source === 'string' ? source : undefined
}

/** What is chosen by name, and the callbacks of the file or the run with their options. */
export type SavedNames = ChosenNames & { readonly savedCallbacks: readonly { readonly name: string }[] }

/** Callbacks as a configuration lists them, each as an object. */
function callbacksIn(list: unknown): readonly { readonly name: string }[] {
  const all: readonly unknown[] = Array.isArray(list) ? list : []
  return all.flatMap((each) => {
    const name = nameIn(each)
    return name === undefined ? [] : [{ ...(isOptionsObject(each) ? each : {}), name }]
  })
}

/** The network that a command line names behind `train`. */
function idIn(parameters: readonly string[]): string | undefined {
  const next = parameters[parameters.indexOf('train') + 1]
  return next === undefined || next.startsWith('-') ? undefined : next
}

/** A configuration with what a recipe chooses: that of `--recipe`, or that which the network has of its own where none is asked for. */
async function withChosenRecipe(
  read: object,
  parameters: readonly string[],
): Promise<Readonly<Record<string, unknown>>> {
  const id = idIn(parameters)
  const [asked] = valuesOf('--recipe', parameters)
  const config = id === undefined ? read : { ...read, network: id }
  try {
    if (asked !== undefined) return { ...(await withRecipe(asked, config)) }
    const network = networkIn(config)
    const own = network === undefined ? recipes : await recipesOf(network)
    return own[usualRecipe] === recipes[usualRecipe] ? { ...read } : { ...(await withRecipe(usualRecipe, config)) }
  } catch {
    return { ...read }
  }
}

/**
 * What a command line chooses by name, before it is parsed: by a flag, by a recipe, by the file of `--config`, or by the run of `--resume`. Which
 * flags there are depends on that. What cannot be read here is told of by whoever reads it.
 */
export async function chosenNames(parameters: readonly string[]): Promise<SavedNames> {
  const [config] = valuesOf('--config', parameters)
  const [run] = valuesOf('--resume', parameters)
  const file = config ?? (run === undefined ? undefined : join(run, 'config.json'))
  const read = file === undefined ? {} : await readConfigFile(file).catch(() => ({}))
  const saved = run === undefined ? await withChosenRecipe(read, parameters) : { ...read }
  const nameOf = (section: string): string | undefined =>
    valuesOf(`--${section}`, parameters).at(-1) ?? nameIn(saved[section])
  const savedCallbacks = callbacksIn(saved.callbacks)
  return {
    optimizer: nameOf('optimizer'),
    schedule: nameOf('schedule'),
    loss: nameOf('loss'),
    engine: nameOf('engine'),
    data: valuesOf('--data', parameters).at(-1) ?? sourceIn(saved.data),
    savedCallbacks,
    callbacks: [
      ...savedCallbacks.map(({ name }) => name),
      ...valuesOf('--callback', parameters),
      ...(parameters.includes(tensorboardFlag.name) ? ['tensorboard'] : []),
    ],
  }
}
