import { createModel, defaultTag, idsOf, summarize } from '@convzoo/core'
import type { Command } from 'commander'
import { architectures } from '../catalogs/plugins.js'

export function addList(program: Command): void {
  program
    .command('list')
    .description('The networks that are installed: id, parameters, title, and the package that each comes from.')
    .option('--json', 'for programs')
    .action(({ json }: { readonly json?: boolean }) => {
      const rows = architectures()
        .list()
        .map((architecture) => ({
          id: architecture.name,
          ids: idsOf(architecture),
          default: `${architecture.name}.${defaultTag(architecture)}`,
          title: architecture.title,
          parameters: summarize(createModel(architecture)).totals.parameters,
          package: `${architecture.package.name}@${architecture.package.version}`,
        }))
      if (json === true) {
        process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`)
        return
      }
      const width = Math.max(...rows.map(({ ids }) => ids.join(', ').length))
      for (const row of rows) {
        process.stdout.write(
          `${row.ids.join(', ').padEnd(width)} ${row.parameters.toLocaleString('en-US').padStart(12)}  ${row.title}  (${row.package})\n`,
        )
      }
    })
}
