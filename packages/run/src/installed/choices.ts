import { createModel, defaultTag, idsOf, type Recipe, summarize } from '@convzoo/core'
import { isError } from '@convzoo/core/define'
import {
  type DefinedContract,
  definedContracts,
  isDefinition,
  type LoadedPlugin,
  loadArchitectures,
  loadProvided,
  type Plugin,
  type PluginProblem,
  type PublishedWeights,
} from '@convzoo/plugins'
import { recipes } from '../config/recipes.js'
import { installedDefinitions, namesOf } from '../plugins/definitions.js'
import { installedPlugins } from '../plugins/installed.js'
import { datasetNames } from '../source/dataset-names.js'

/** Where something comes from: a package, or nothing that has to be installed beside this one. */
interface Provenance {
  /** `@convzoo/nin@0.1.0`; undefined where it needs no plugin. */
  readonly package?: string
  readonly origin: Plugin['origin']
  /** Where the package is. */
  readonly folder?: string
}

/** A network that can be chosen. */
export interface InstalledNetwork extends Provenance {
  readonly kind: 'architecture'
  readonly id: string
  /** All ids of it, with its tags. */
  readonly ids: readonly string[]
  /** The id that its name alone stands for. */
  readonly default: string
  readonly title: string
  /** Weights, with the input and the classes that it has by default. */
  readonly parameters: number
}

/** Anything else that can be chosen by its name. */
export interface InstalledDefinition extends Provenance {
  readonly kind: 'engine' | 'optimizer' | 'schedule' | 'loss' | 'dataset' | 'callback' | 'metric' | 'recipe'
  readonly id: string
  readonly title: string | undefined
}

/** Weights that a package ships: what `openWeights` and `--weights` take by their name. */
export interface ShippedWeights extends Provenance, PublishedWeights {
  readonly kind: 'weights'
  readonly id: string
  readonly title: string
}

export type InstalledChoice = InstalledNetwork | InstalledDefinition | ShippedWeights

export interface InstalledChoices {
  /** Networks first, by their names. */
  readonly choices: readonly InstalledChoice[]
  /** Packages that cannot be used, and why. */
  readonly problems: readonly PluginProblem[]
}

/**
 * All that can be chosen by its name: what needs no plugin, and what the packages provide that the project in the current folder has
 * installed. All of them are loaded.
 *
 * @example
 * const { choices } = await installedChoices()
 * console.log(choices.filter(({ kind }) => kind === 'architecture').map(({ id }) => id))
 */
export async function installedChoices(): Promise<InstalledChoices> {
  const installed = installedPlugins()
  const { plugins, problems } = await loadArchitectures(installed)
  const choices: InstalledChoice[] = [...networksOf(plugins)]
  const more: PluginProblem[] = []
  for (const contract of definedContracts) {
    const { definitions, failed } = await definitionsOf(contract, installed.plugins)
    choices.push(...definitions)
    more.push(...failed)
  }
  const rows = [...Object.entries(recipes).map(recipeRow), ...ownRecipes(plugins)]
  return { choices: [...choices, ...rows, ...weightsIn(installed.plugins)], problems: [...problems, ...more] }
}

const networksOf = (plugins: readonly LoadedPlugin[]): readonly InstalledNetwork[] =>
  plugins
    .flatMap((plugin) => plugin.registered.map((architecture) => ({ plugin, architecture })))
    .map(({ plugin, architecture }) => ({
      kind: 'architecture' as const,
      id: architecture.name,
      ids: idsOf(architecture),
      default: `${architecture.name}.${defaultTag(architecture)}`,
      title: architecture.title,
      parameters: summarize(createModel(architecture)).totals.parameters,
      ...provenanceOf(plugin),
    }))
    .sort((a, b) => a.id.localeCompare(b.id, 'en'))

const provenanceOf = ({ name, version, origin, folder }: Plugin): Required<Provenance> => ({
  package: `${name}@${version}`,
  origin,
  folder,
})

const weightsIn = (plugins: readonly Plugin[]): readonly ShippedWeights[] =>
  plugins.flatMap((plugin) =>
    Object.entries(plugin.weights).map(([id, published]) => ({
      kind: 'weights' as const,
      id,
      title: weightsTitle(published),
      ...published,
      ...provenanceOf(plugin),
    })),
  )

/** `nin.cifar10, 10 classes, MNIST, 60,000 images, accuracy 0.98, MIT`. */
function weightsTitle({ network, classes, trainedOn, accuracy, license }: PublishedWeights): string {
  const counted = classes === undefined ? [] : [`${classes.length} classes`]
  const measured = accuracy === undefined ? [] : [`accuracy ${accuracy}`]
  return [network, ...counted, trainedOn, ...measured, license].join(', ')
}

interface Defined {
  readonly definitions: readonly InstalledDefinition[]
  readonly failed: readonly PluginProblem[]
}

/** What there is under a contract: our own, then what plugins provide. */
async function definitionsOf(contract: DefinedContract, plugins: readonly Plugin[]): Promise<Defined> {
  const definitions = [...(await ownOf(contract))]
  const failed: PluginProblem[] = []
  for (const plugin of plugins) {
    for (const id of plugin.provides[contract]) {
      try {
        const provided = await loadProvided(plugin, contract, id)
        const title = isDefinition(provided) ? provided.title : undefined
        definitions.push({ kind: kinds[contract], id, title, ...provenanceOf(plugin) })
      } catch (error) {
        failed.push({ ...plugin, error: isError(error) ? error : new Error(String(error)) })
      }
    }
  }
  return { definitions, failed }
}

/** What needs no plugin. Engines all come from packages that say so. */
async function ownOf(contract: DefinedContract): Promise<readonly InstalledDefinition[]> {
  if (contract === 'engine/v1') return []
  if (contract === 'dataset/v1') {
    return datasetNames.map((id) => ({ kind: 'dataset', id, title: undefined, ...own }))
  }
  const kind = kinds[contract]
  const { find } = installedDefinitions()
  return Promise.all(
    namesOf(kind, 'own').map(async (id) => ({ kind, id, title: (await find(kind, id)).title, ...own })),
  )
}

const own = { origin: 'program' } as const

const kinds = {
  'engine/v1': 'engine',
  'optimizer/v1': 'optimizer',
  'schedule/v1': 'schedule',
  'loss/v1': 'loss',
  'dataset/v1': 'dataset',
  'callback/v1': 'callback',
  'metric/v1': 'metric',
} as const satisfies Readonly<Record<DefinedContract, InstalledDefinition['kind']>>

/** The recipes of tags, each under its name and the id of its network: `paper of nin.imagenet`. */
const ownRecipes = (plugins: readonly LoadedPlugin[]): readonly InstalledDefinition[] =>
  plugins.flatMap((plugin) =>
    plugin.registered.flatMap(({ name, tags }) =>
      Object.entries(tags).flatMap(([tag, { recipes: own = {} }]) =>
        Object.entries(own).map(([id, recipe]) => ({
          ...recipeRow([`${id} of ${name}.${tag}`, recipe]),
          ...provenanceOf(plugin),
        })),
      ),
    ),
  )

/** `optimizer sgdw, schedule constant`: what a recipe chooses by name. */
function recipeRow([id, recipe]: readonly [string, Recipe]): InstalledDefinition {
  const chosen = Object.entries(recipe).flatMap(([section, choice]) => {
    const name =
      typeof choice === 'string' ? choice : choice !== undefined && 'name' in choice ? choice.name : undefined
    return name === undefined ? [] : [`${section} ${name}`]
  })
  return { kind: 'recipe', id, title: chosen.join(', '), ...own }
}
