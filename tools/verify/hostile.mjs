// What real files, pipes and hands do to the product: hostile files in the place of every file that is read, layouts of photographs as
// people have them, names that a terminal would obey, data that have changed, signals, closed pipes, slips. `tools/hostile` makes each
// case and says what is right; the table counts them by kind. `node tools/verify.mjs hostile <text>` runs the cases whose names hold it.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as archives from '../hostile/archives.mjs'
import * as bombs from '../hostile/bombs.mjs'
import * as configurations from '../hostile/configurations.mjs'
import * as folders from '../hostile/folders.mjs'
import * as identity from '../hostile/identity.mjs'
import * as layouts from '../hostile/layouts.mjs'
import * as library from '../hostile/library.mjs'
import * as names from '../hostile/names.mjs'
import * as pipes from '../hostile/pipes.mjs'
import * as readers from '../hostile/readers.mjs'
import * as signals from '../hostile/signals.mjs'
import * as weights from '../hostile/weights.mjs'

const suites = [
  identity,
  layouts,
  archives,
  readers,
  weights,
  bombs,
  configurations,
  names,
  signals,
  pipes,
  folders,
  library,
]

/** Pipes and devices are made as on POSIX systems, terminals by Python. */
export function missing() {
  if (process.platform === 'win32') return 'it makes pipes and devices, which Windows has not'
  for (const program of ['mkfifo', 'python3', 'bash']) {
    if (spawnSync(program, ['--version']).error !== undefined) return `there is no ${program}`
  }
  return undefined
}

export async function run() {
  const [, , , wanted = ''] = process.argv
  const root = mkdtempSync(join(tmpdir(), 'convzoo-hostile-'))
  const shared = join(root, 'shared')
  mkdirSync(shared)
  const rows = []
  const wrong = []
  try {
    for (const { kind, cases } of suites) {
      const row = { kind, tried: 0, right: 0 }
      for (const { name, run: check } of cases.filter((each) => `${kind}: ${each.name}`.includes(wanted))) {
        const place = join(root, 'case')
        mkdirSync(place)
        row.tried++
        try {
          await check(place, shared)
          row.right++
        } catch (error) {
          wrong.push(`${kind}: ${name}`)
          console.log(`wrong: ${kind}: ${name}\n  ${String(error.message).replaceAll('\n', '\n  ').slice(0, 4000)}`)
        }
        rmSync(place, { recursive: true, force: true })
      }
      if (row.tried > 0) rows.push(row)
      if (row.tried > 0) console.log(`${kind}: ${row.right} of ${row.tried} right`)
    }
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
  if (rows.length === 0) throw new Error(`No case has "${wanted}" in its name.`)
  const width = Math.max(...rows.map(({ kind }) => kind.length))
  console.log(`\n${'kind'.padEnd(width)}  tried  right`)
  for (const { kind, tried, right } of rows) {
    console.log(`${kind.padEnd(width)}  ${String(tried).padStart(5)}  ${String(right).padStart(5)}`)
  }
  const total = (what) => rows.reduce((sum, row) => sum + row[what], 0)
  console.log(`${'in all'.padEnd(width)}  ${String(total('tried')).padStart(5)}  ${String(total('right')).padStart(5)}`)
  if (wrong.length > 0) throw new Error(`${wrong.length} cases went wrong:\n  ${wrong.join('\n  ')}`)
}
