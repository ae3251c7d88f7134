import { ConvzooError, createModel, defaultTag, idsOf, printable, summarize } from '@convzoo/core'
import { loadArchitectures, type Plugin } from '@convzoo/plugins'
import { installedPlugins } from '@convzoo/run/plugins'
import type { Command } from 'commander'
import { cell, say, sayJson, warn } from '../terminal/output.js'

export function addList(program: Command): void {
  program
    .command('list')
    .description(
      'The networks and engines that are installed, and the package, version and place that each comes from.',
    )
    .option('--json', 'for programs')
    .action(async ({ json }: { readonly json?: boolean }) => {
      const installed = installedPlugins()
      const { plugins, problems } = await loadArchitectures(installed)
      const networks = plugins
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
      const engines = installed.plugins.flatMap((plugin) =>
        plugin.engines.map((id) => ({ kind: 'engine', id, ...originOf(plugin) })),
      )
      for (const { name, version, folder, error } of problems) {
        const reason = ConvzooError.isInstance(error) ? error.sentence : error.message
        void warn(`${cell(name)}@${cell(version)} in ${printable(folder)} cannot be used: ${printable(reason, 1000)}`)
      }
      if (json === true) {
        await sayJson([...networks, ...engines])
        return
      }
      const names = networks.map(({ ids }) => cell(ids.join(', ')))
      const width = Math.max(0, ...names.map(({ length }) => length))
      for (const [index, { parameters, title, ...row }] of networks.entries()) {
        const count = parameters.toLocaleString('en-US').padStart(12)
        await say(`${names[index]?.padEnd(width)} ${count}  ${cell(title)}  (${cell(row.package)}${placeOf(row)})`)
      }
      for (const { id, ...row } of engines) {
        await say(`${`engine ${cell(id)}`.padEnd(width)} ${' '.repeat(12)}  (${cell(row.package)}${placeOf(row)})`)
      }
    })
}

const originOf = ({ name, version, origin, folder }: Plugin) => ({ package: `${name}@${version}`, origin, folder })

/** What came with the command line needs no address. */
const placeOf = ({ origin, folder }: Pick<Plugin, 'origin' | 'folder'>): string =>
  origin === 'program' ? '' : `, ${printable(folder)}`
