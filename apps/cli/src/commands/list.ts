import { createModel, defaultTag, idsOf, summarize } from '@convzoo/core'
import { loadArchitectures, type Plugin } from '@convzoo/plugins'
import type { Command } from 'commander'
import { installedPlugins } from '../catalogs/plugins.js'

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
        process.stderr.write(`${name}@${version} in ${folder} cannot be used: ${error.message}\n`)
      }
      if (json === true) {
        process.stdout.write(`${JSON.stringify([...networks, ...engines], null, 2)}\n`)
        return
      }
      const width = Math.max(0, ...networks.map(({ ids }) => ids.join(', ').length))
      for (const { ids, parameters, title, ...row } of networks) {
        const count = parameters.toLocaleString('en-US').padStart(12)
        process.stdout.write(`${ids.join(', ').padEnd(width)} ${count}  ${title}  (${row.package}${placeOf(row)})\n`)
      }
      for (const { id, ...row } of engines) {
        process.stdout.write(`${`engine ${id}`.padEnd(width)} ${' '.repeat(12)}  (${row.package}${placeOf(row)})\n`)
      }
    })
}

const originOf = ({ name, version, origin, folder }: Plugin) => ({ package: `${name}@${version}`, origin, folder })

/** What came with the command line needs no address. */
const placeOf = ({ origin, folder }: Pick<Plugin, 'origin' | 'folder'>): string =>
  origin === 'program' ? '' : `, ${folder}`
