// What installing and loading may cost. `node tools/budgets.mjs` prints the table and ends with 1 where something is over its budget.
// Sizes are of the files as published. Times are the best of several runs in fresh processes, more where a machine is busy, and as on one where
// Node itself starts in 75 ms: a machine on which that takes longer has the same budgets as long as it is slower at both alike.
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { browserBundle } from './browser-bundle.mjs'
import { bundleBudget, sizeBudgets } from './size-budgets.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const fewestRuns = 5
const mostRuns = 60
/** Milliseconds in which Node starts and ends where the budgets were set: 2 cores of an Intel Xeon, idle. */
const nodeStart = 75

/** Milliseconds after Node's start; a whole process with Node's start where it says so. */
const times = [
  { what: 'import @convzoo/alexnet', module: 'packages/alexnet/dist/index.js', budget: 30 },
  { what: 'import @convzoo/core', module: 'packages/core/dist/index.js', budget: 30 },
  { what: 'import @convzoo/engine-onnx', module: 'packages/engine-onnx/dist/index.js', budget: 150 },
  {
    what: 'convzoo summary alexnet, whole process',
    command: ['apps/cli/dist/cli.js', 'summary', 'alexnet'],
    budget: 250,
  },
]

function published(folder) {
  const { files } = JSON.parse(readFileSync(join(root, 'packages', folder, 'package.json'), 'utf8'))
  const bytes = (path) => {
    const stat = statSync(path)
    if (!stat.isDirectory()) return stat.size
    return readdirSync(path).reduce((sum, name) => sum + bytes(join(path, name)), 0)
  }
  return ['package.json', ...files].reduce(
    (sum, name) => sum + bytes(name === 'LICENSE' ? join(root, name) : join(root, 'packages', folder, name)),
    0,
  )
}

function run(parameters) {
  const started = performance.now()
  const { status, stdout, stderr } = spawnSync(process.execPath, parameters, { cwd: root, encoding: 'utf8' })
  if (status !== 0) throw new Error(`node ${parameters.join(' ')} failed:\n${stderr}`)
  return { stdout, milliseconds: performance.now() - started }
}

function milliseconds({ module, command }) {
  if (command !== undefined) return run(command).milliseconds
  const url = JSON.stringify(pathToFileURL(join(root, module)).href)
  const program = `const start = performance.now(); await import(${url}); console.log(performance.now() - start)`
  return Number(run(['--input-type=module', '--eval', program]).stdout)
}

function best(row) {
  let [found, start] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]
  const asThere = () => found * Math.min(1, nodeStart / start)
  for (let count = 0; count < mostRuns && (count < fewestRuns || asThere() > row.budget); count++) {
    start = Math.min(start, run(['--eval', '0']).milliseconds)
    found = Math.min(found, milliseconds(row))
  }
  return asThere()
}

const rows = [
  ...sizeBudgets.map(({ what, packages, budget }) => ({
    what,
    unit: 'kB',
    budget,
    found: packages.reduce((sum, folder) => sum + published(folder), 0) / 1000,
  })),
  { what: 'a page that trains NIN, gzipped', unit: 'kB', budget: bundleBudget, found: await browserBundle() },
  ...times.map((row) => ({ what: row.what, unit: 'ms', budget: row.budget, found: best(row) })),
]

const width = Math.max(...rows.map(({ what }) => what.length))
for (const { what, unit, budget, found } of rows) {
  const verdict = found > budget ? '  OVER' : ''
  console.log(
    `${what.padEnd(width)}  ${found.toFixed(1).padStart(7)} of ${String(budget).padStart(4)} ${unit}${verdict}`,
  )
}
if (rows.some(({ found, budget }) => found > budget)) process.exit(1)
