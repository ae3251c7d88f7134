import { printable } from '@convzoo/core/define'
import type { ListedRun } from '@convzoo/run'
import { runColumns } from '@convzoo/run/config'
import type { Command } from 'commander'
import { cell, linesOf, say, sayJson, warn } from '../terminal/output.js'
import { duration, percent } from '../terminal/progress.js'

interface RunsFlags {
  readonly sort: string
  readonly descending?: boolean
  readonly json?: boolean
}

export function addRuns(program: Command): void {
  program
    .command('runs')
    .description(
      'Lists the runs of a folder beside each other: what they are, how far they have come, how well they do.',
    )
    .argument('[folder]', 'where runs are, or one of them', 'runs')
    .option('--sort <column>', `${runColumns.join(', ')}, or the name of a metric`, 'name')
    .option('--descending', 'the largest first')
    .option('--json', 'for programs')
    .action(runs)
}

async function runs(folder: string, { sort, descending, json }: RunsFlags): Promise<void> {
  const { listRuns } = await import('@convzoo/run')
  const found = await listRuns(folder, { sort, descending })
  for (const { folder: path, error } of found.problems) {
    void warn(linesOf(`${printable(path)} is not listed: ${error.message}`))
  }
  await (json === true ? sayJson(found.runs) : say(tableOf(found.runs)))
  if (found.runs.length === 0) void warn(`There are no runs in ${printable(folder)}.`)
}

/** The columns of the table, and what stands in them. */
const columns: Readonly<Record<string, (run: ListedRun) => string>> = {
  run: ({ name }) => cell(name),
  network: ({ network }) => cell(network),
  data: ({ data }) => cell(data),
  optimizer: ({ optimizer, learningRate }) =>
    learningRate === undefined ? cell(optimizer) : `${cell(optimizer)} ${learningRate}`,
  batch: ({ batchSize }) => `${batchSize}`,
  state: ({ state }) => state,
  epochs: ({ epoch, epochs }) => `${epoch}/${epochs}`,
  loss: ({ loss }) => loss?.toFixed(4) ?? '',
  accuracy: ({ top1, split }) => (top1 === undefined ? '' : `${percent(top1)} ${split}`),
  time: ({ seconds }) => duration(seconds),
  size: ({ bytes }) => `${(bytes / 1e6).toFixed(1)} MB`,
  changed: ({ changed }) => changed.slice(0, 16).replace('T', ' '),
}

function tableOf(found: readonly ListedRun[]): readonly string[] {
  const names = Object.keys(columns)
  const rows = [names, ...found.map((run) => Object.values(columns).map((show) => show(run)))]
  const widths = names.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows.map((row) =>
    row
      .map((text, column) => text.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}
