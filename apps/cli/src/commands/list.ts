import { createRequire } from 'node:module'
import { ConvzooError, createModel, defaultTag, idsOf, summarize } from '@convzoo/core'
import { messageOf, printable } from '@convzoo/core/define'
import {
  type DefinedContract,
  definedContracts,
  isDefinition,
  kindOf,
  type LoadedPlugin,
  loadArchitectures,
  loadProvided,
  type Plugin,
} from '@convzoo/plugins'
import { installedDefinitions, installedPlugins, namesOf } from '@convzoo/run/plugins'
import type { Command } from 'commander'
import { cell, say, sayJson, warn } from '../terminal/output.js'

const manifest: { readonly name: string; readonly version: string } = createRequire(import.meta.url)(
  'convzoo/package.json',
)

/** A row of the list, besides networks. */
interface Choice {
  readonly kind: string
  readonly id: string
  readonly title: string | undefined
  readonly package: string
  readonly origin: Plugin['origin']
  /** Where the plugin is; what is convzoo's own has none. */
  readonly folder?: string
}

export function addList(program: Command): void {
  program
    .command('list')
    .description(
      'All that can be chosen by name: networks, engines, optimizers, schedules, losses, data sets and callbacks, and the package, version and place that each comes from.',
    )
    .option('--json', 'for programs')
    .action(async ({ json }: { readonly json?: boolean }) => {
      const installed = installedPlugins()
      const { plugins, problems } = await loadArchitectures(installed)
      const networks = networksOf(plugins)
      for (const { error, ...plugin } of problems) warnOf(plugin, error)
      const choices: Choice[] = []
      for (const contract of definedContracts) choices.push(...(await choicesOf(contract, installed.plugins)))
      if (json === true) {
        await sayJson([...networks, ...choices])
        return
      }
      const names = networks.map(({ ids }) => cell(ids.join(', ')))
      const width = Math.max(0, ...names.map(({ length }) => length))
      for (const [index, { parameters, title, ...row }] of networks.entries()) {
        const count = parameters.toLocaleString('en-US').padStart(12)
        await say(`${names[index]?.padEnd(width)} ${count}  ${cell(title)}  (${cell(row.package)}${placeOf(row)})`)
      }
      for (const { kind, id, title = '', ...row } of choices) {
        const what = `${kind} ${cell(id)}`.padEnd(width)
        await say(
          `${what} ${' '.repeat(12)}  ${title === '' ? '' : `${cell(title)}  `}(${cell(row.package)}${placeOf(row)})`,
        )
      }
    })
}

const networksOf = (plugins: readonly LoadedPlugin[]) =>
  plugins
    .flatMap((plugin) => plugin.registered.map((architecture) => ({ plugin, architecture })))
    .map(({ plugin, architecture }) => ({
      kind: 'architecture',
      id: architecture.name,
      ids: idsOf(architecture),
      default: `${architecture.name}.${defaultTag(architecture)}`,
      title: architecture.title,
      parameters: summarize(createModel(architecture)).totals.parameters,
      ...originOf(plugin),
    }))
    .sort((a, b) => a.id.localeCompare(b.id, 'en'))

/** What there is under a contract: convzoo's own, then what plugins provide. One that cannot be loaded is told of. */
async function choicesOf(contract: DefinedContract, plugins: readonly Plugin[]): Promise<readonly Choice[]> {
  const choices = await ownOf(contract)
  for (const plugin of plugins) {
    for (const id of plugin.provides[contract]) {
      const definition = await loadProvided(plugin, contract, id).catch((error: unknown) => warnOf(plugin, error))
      if (definition === undefined) continue
      const title = isDefinition(definition) ? definition.title : undefined
      choices.push({ kind: kindOf(contract), id, title, ...originOf(plugin) })
    }
  }
  return choices
}

/** What needs no plugin. Engines all come from packages that say so. */
async function ownOf(contract: DefinedContract): Promise<Choice[]> {
  const own = { package: `${manifest.name}@${manifest.version}`, origin: 'program' } as const
  if (contract === 'engine/v1') return []
  if (contract === 'dataset/v1') {
    const { datasetNames } = await import('@convzoo/data')
    return datasetNames.map((id) => ({ kind: 'dataset', id, title: undefined, ...own }))
  }
  const kind = kinds[contract]
  const { find } = installedDefinitions()
  return Promise.all(
    namesOf(kind, 'own').map(async (id) => ({ kind, id, title: (await find(kind, id)).title, ...own })),
  )
}

const kinds = {
  'optimizer/v1': 'optimizer',
  'schedule/v1': 'schedule',
  'loss/v1': 'loss',
  'callback/v1': 'callback',
} as const

function warnOf({ name, version, folder }: Plugin, error: unknown): undefined {
  const reason = ConvzooError.isInstance(error) ? error.sentence : messageOf(error)
  void warn(`${cell(name)}@${cell(version)} in ${printable(folder)} cannot be used: ${printable(reason, 1000)}`)
}

const originOf = ({ name, version, origin, folder }: Plugin) => ({ package: `${name}@${version}`, origin, folder })

/** What came with the command line needs no address. */
const placeOf = ({ origin, folder = '' }: Pick<Choice, 'origin' | 'folder'>): string =>
  origin === 'program' ? '' : `, ${printable(folder)}`
