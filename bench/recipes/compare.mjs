// `pnpm bench:recipes`: trains every tag by each of its recipes, on MNIST, Fashion-MNIST and a folder of photographs at reduced inputs, and writes
// what came of it to docs/recipes.md after each training: it may be stopped at any time, and goes on with what is missing. Measured anew is what
// was measured by another plan (plan.mjs), by a recipe that has changed since, or is named with `--again`.
//
//   pnpm bench:recipes [--only nin] [--data mnist,fashion-mnist] [--recipes modern] [--again] [--threads 1]
//   pnpm bench:recipes --photographs <folder>     with `train` and `test` in it, as `after` of bench/photographs.py
//
// `--fashion <folder>` is where the files of Fashion-MNIST are, if not where they are looked for. `--page` writes the page alone.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { arch, cpus, platform, tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { builtCli } from '../../tools/build.mjs'
import { columns, pageOf, rowsBelow } from './page.mjs'
import { planOf } from './plan.mjs'

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    data: { type: 'string', default: 'mnist,fashion-mnist,photographs' },
    recipes: { type: 'string', default: columns.join(',') },
    photographs: { type: 'string' },
    fashion: { type: 'string' },
    threads: { type: 'string', default: String(cpus().length) },
    again: { type: 'boolean', default: false },
    page: { type: 'boolean', default: false },
  },
})

const kept = new URL('results.json', import.meta.url)
const page = new URL('../../docs/recipes.md', import.meta.url)
const cli = builtCli()
const { bringPlugins, recipesOf } = await import(pathToFileURL(createRequire(cli).resolve('@convzoo/run')).href)
bringPlugins(pathToFileURL(cli).href)

function convzoo(...parameters) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...parameters], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`convzoo ${parameters.join(' ')} failed:\n${stderr}`)
  return stdout
}

const tags = JSON.parse(convzoo('list', '--json')).flatMap(({ kind, ids = [] }) =>
  kind === 'architecture' ? ids.filter((id) => id.includes('.')) : [],
)
const sources = {
  mnist: 'mnist',
  'fashion-mnist': options.fashion ?? 'fashion-mnist',
  photographs: options.photographs,
}

/** What was measured, by cell. */
const results = new Map(JSON.parse(readFileSync(kept, 'utf8')).map((each) => [keyOf(each), each]))

function keyOf({ id, data, recipe }) {
  return `${data} ${id} ${recipe}`
}

/** Whether a figure is of this plan and of this recipe. */
const isOf = (result, plan, recipe) =>
  ['input', 'images', 'epochs', 'tested'].every((each) => result[each] === plan[each]) &&
  JSON.stringify(result.settings) === JSON.stringify(recipe)

/** All rows with what stands in them: `{ id, data, plan, cells: [{ recipe, settings, result }] }`. */
async function rowsOf() {
  const rows = Object.keys(sources).flatMap((data) => tags.map((id) => ({ id, data, plan: planOf(id, data) })))
  return Promise.all(
    rows.map(async (row) => {
      const all = await recipesOf(row.id)
      const cells = columns.flatMap((recipe) => {
        const { [recipe]: settings } = all
        if (settings === undefined) return []
        const result = results.get(keyOf({ ...row, recipe }))
        return [{ recipe, settings, result: result && isOf(result, row.plan, settings) ? result : undefined }]
      })
      return { ...row, cells }
    }),
  )
}

/** The accuracy that the last line of a training says, in percent. */
function measure({ id, data, plan }, { recipe, settings }) {
  const folder = mkdtempSync(join(tmpdir(), 'convzoo-recipes-'))
  const { input, images, epochs, tested } = plan
  const seen = ['--limit', images, '--test-limit', tested, '--epochs', epochs, '--input', input].map(String)
  const how = ['--recipe', recipe, '--device', 'cpu', '--threads', options.threads, '--seed', '1']
  const began = performance.now()
  try {
    const output = convzoo('train', id, '--data', sources[data], ...seen, ...how, '--run', join(folder, 'run'))
    const accuracy = /accuracy ([\d.]+)/.exec(output.trimEnd().split('\n').at(-1))?.[1]
    return {
      ...{ id, data, recipe, settings, input, images, epochs, tested, accuracy: Number(accuracy) },
      seconds: Math.round((performance.now() - began) / 1000),
      date: new Date().toISOString().slice(0, 10),
      machine: `${cpus().length} cores of ${cpus()[0]?.model.trim()}, ${platform()} ${arch()}`,
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function write() {
  const rows = await rowsOf()
  const all = rows.flatMap(({ cells }) => cells.flatMap(({ result }) => result ?? []))
  writeFileSync(kept, `${JSON.stringify(all, undefined, 2)}\n`)
  writeFileSync(page, pageOf(rows))
  return rows
}

const asked = (list, value) => list.split(',').includes(value)
const rows = await write()
const wanted = options.page ? [] : rows.filter(({ id, data }) => asked(options.data, data) && id.includes(options.only))
for (const row of wanted) {
  if (sources[row.data] === undefined) {
    console.log(`${row.data} ${row.id}: no --photographs was given`)
    continue
  }
  for (const cell of row.cells) {
    if (!asked(options.recipes, cell.recipe) || (cell.result !== undefined && !options.again)) continue
    const result = measure(row, cell)
    console.log(`${keyOf(result)}: ${result.accuracy} %, ${result.seconds} s`)
    results.set(keyOf(result), result)
    await write()
  }
}
for (const { id, data, below } of rowsBelow(await write())) {
  console.log(`${data} ${id}: modern is ${below.toFixed(1)} points below the best`)
  process.exitCode = 1
}
