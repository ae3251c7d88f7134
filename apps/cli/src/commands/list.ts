import { createRequire } from 'node:module'
import { ConvzooError } from '@convzoo/core'
import { messageOf, printable } from '@convzoo/core/define'
import type { InstalledChoice } from '@convzoo/run'
import type { Command } from 'commander'
import { cell, linesOf, say, sayJson, warn } from '../terminal/output.js'

const manifest: { readonly name: string; readonly version: string } = createRequire(import.meta.url)(
  'convzoo/package.json',
)

export function addList(program: Command): void {
  program
    .command('list')
    .description(
      'All that can be chosen by name: networks, engines, optimizers, schedules, losses, data sets, callbacks, metrics, recipes and weights, and the package, version and place that each comes from.',
    )
    .option('--json', 'for programs')
    .action(async ({ json }: { readonly json?: boolean }) => {
      const { installedChoices } = await import('@convzoo/run')
      const { choices, problems } = await installedChoices()
      for (const { name, version, folder, error } of problems) {
        warnOf(`${cell(name)}@${cell(version)} in ${printable(folder)} cannot be used`, error)
      }
      const rows = choices.map(withPackage)
      await (json === true ? sayJson(rows) : say(linesOfChoices(rows)))
    })
}

/** What needs no plugin comes with the command line. */
const withPackage = <Row extends InstalledChoice>(row: Row) => ({
  ...row,
  package: row.package ?? `${manifest.name}@${manifest.version}`,
})

type Row = ReturnType<typeof withPackage<InstalledChoice>>

function linesOfChoices(rows: readonly Row[]): readonly string[] {
  const named = rows.map((row) => ({
    ...row,
    name: row.kind === 'architecture' ? row.ids.map((id) => cell(id)).join(', ') : cell(`${row.kind} ${row.id}`),
    count: row.kind === 'architecture' ? row.parameters.toLocaleString('en-US') : '',
  }))
  const width = named.reduce(
    (most, { kind, name }) => (kind === 'architecture' ? Math.max(most, name.length) : most),
    0,
  )
  return named.map(({ name, count, title = '', ...row }) => {
    // Of weights it is what to choose by, with the licence last: the whole of it.
    const what = title === '' ? '' : `${row.kind === 'weights' ? printable(title, 200) : cell(title)}  `
    return `${name.padEnd(width)} ${count.padStart(12)}  ${what}(${cell(row.package)}${placeOf(row)})`
  })
}

/** What came with the command line needs no address. */
const placeOf = ({ origin, folder = '' }: Pick<Row, 'origin' | 'folder'>): string =>
  origin === 'program' ? '' : `, ${printable(folder)}`

/** The lines of a ConvzooError are its own; those of other errors may be anyone's. */
function warnOf(subject: string, error: Error): void {
  if (!ConvzooError.isInstance(error)) {
    void warn(`${subject}: ${printable(messageOf(error), 1000)}`)
    return
  }
  void warn(linesOf(`${subject}: ${error.message}`))
}
