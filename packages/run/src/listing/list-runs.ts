import { readdir, stat } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { ConvzooError } from '@convzoo/core'
import { boolean, defineOptions, optional, requireArguments, text, unusableOption } from '@convzoo/core/define'
import { codeOf, fileError, pathOption } from '@convzoo/files'
import { runColumns } from './columns.js'
import { type ListedRun, listedRun } from './listed-run.js'

export interface ListRunsOptions {
  /** A column, by which runs are sorted: one of a {@link ListedRun}, or the name of a metric; `name` by default. */
  readonly sort?: string | undefined
  /** Whether the largest comes first; false by default. Runs without the value come last either way. */
  readonly descending?: boolean | undefined
}

/** A folder that cannot be listed as a run, and why. */
export interface UnlistedFolder {
  readonly folder: string
  readonly error: ConvzooError
}

export interface ListedRuns {
  readonly runs: readonly ListedRun[]
  /** Folders beside them that are no runs, or whose runs are damaged. */
  readonly problems: readonly UnlistedFolder[]
}

const listOptions = defineOptions({ sort: optional(text, 'name'), descending: optional(boolean, false) })

/**
 * The runs in a folder, each with its settings, how far it has come and how well it does. A folder that is a run is listed alone. Nothing that
 * a run names need be installed, and nothing is changed; one that is damaged hides no other.
 *
 * @param folder Where runs are; `runs` by default, as `train` has it.
 * @throws ConvzooError of kind `file` if the folder cannot be read, of kind `option` for a column that there is not.
 * @example
 * const { runs } = await listRuns('runs', { sort: 'top1', descending: true })
 * console.log(runs[0]?.folder, runs[0]?.top1)
 */
export async function listRuns(folder = 'runs', options: ListRunsOptions = {}): Promise<ListedRuns> {
  requireArguments('listRuns', { folder: [pathOption, folder] })
  const { sort, descending } = listOptions.parse('listRuns', options)
  const runs: ListedRun[] = []
  const problems: UnlistedFolder[] = []
  for (const { path, name } of await foldersIn(folder)) {
    try {
      runs.push(await listedRun(path, name))
    } catch (error) {
      if (!ConvzooError.isInstance(error)) throw error
      problems.push({ folder: path, error })
    }
  }
  return { runs: sorted(runs, sort, descending), problems }
}

interface Place {
  readonly path: string
  readonly name: string
}

/** A run itself, or the folders in a folder that are not hidden. */
async function foldersIn(folder: string): Promise<readonly Place[]> {
  try {
    const names = await readdir(folder)
    if (names.includes('config.json')) return [{ path: folder, name: basename(resolve(folder)) }]
    const places = names
      .filter((name) => !name.startsWith('.'))
      .sort()
      .map((name) => ({ path: join(folder, name), name }))
    const kinds = await Promise.all(places.map(({ path }) => stat(path).catch(() => undefined)))
    return places.filter((_, index) => kinds[index]?.isDirectory())
  } catch (cause) {
    if (codeOf(cause) !== 'ENOENT') throw fileError(`The folder ${folder} cannot be read`, cause)
    throw new ConvzooError({
      kind: 'file',
      message: `There is no folder ${folder}.`,
      expected: 'a folder of runs, or a run',
      received: folder,
      hint: 'give the folder that runs go to: convzoo runs <folder>',
      cause,
    })
  }
}

function sorted(runs: readonly ListedRun[], column: string, descending: boolean): readonly ListedRun[] {
  const own = runColumns.find((name) => name === column)
  const metrics = [...new Set(runs.flatMap((run) => numbersIn(run).map(([name]) => name)))]
  if (own === undefined && !metrics.includes(column)) {
    throw unusableOption('"sort" of listRuns', {
      expected: `one of ${[...runColumns, ...metrics].join(', ')}`,
      received: column,
    })
  }
  const valueIn = (run: ListedRun): number | string | undefined =>
    own === undefined ? numbersIn(run).find(([name]) => name === column)?.[1] : run[own]
  return [...runs].sort((a, b) => {
    const [first, second] = [valueIn(a), valueIn(b)]
    if (first === undefined || second === undefined) return Number(first === undefined) - Number(second === undefined)
    const order =
      typeof first === 'number' && typeof second === 'number'
        ? first - second
        : String(first).localeCompare(String(second), 'en', { numeric: true })
    return descending ? -order : order
  })
}

/** The metrics of a run that are one number. */
const numbersIn = ({ metrics = {} }: ListedRun): readonly (readonly [string, number])[] =>
  Object.entries(metrics).flatMap(([name, value]) => (typeof value === 'number' ? [[name, value] as const] : []))
