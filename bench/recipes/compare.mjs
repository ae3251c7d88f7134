// `pnpm bench:recipes`: trains every tag by each of its recipes, on MNIST, Fashion-MNIST and a folder of photographs at reduced inputs, and writes
// what came of it to docs/recipes.md. Figures that are there stay until they are measured anew: `--only nin`, `--data mnist` measure some of them,
// `--limit`, `--test-limit` and `--epochs` say how much is seen, `--photographs <folder>` is a folder with a folder for each class.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { arch, cpus, platform, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { builtCli } from '../../tools/build.mjs'

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    data: { type: 'string', default: 'mnist,fashion-mnist,photographs' },
    photographs: { type: 'string' },
    limit: { type: 'string', default: '12000' },
    'test-limit': { type: 'string', default: '10000' },
    epochs: { type: 'string', default: '2' },
    recipes: { type: 'string', default: '' },
  },
})

const kept = new URL('results.json', import.meta.url)
const page = new URL('../../docs/recipes.md', import.meta.url)
const cli = builtCli()

const convzoo = (...parameters) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...parameters], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`convzoo ${parameters.join(' ')} failed:\n${stderr}`)
  return stdout
}

/** Large enough for every tag, but for that which is for small pictures. */
const side = (id) => (id === 'nin.cifar10' ? 32 : 67)

const rows = JSON.parse(convzoo('list', '--json'))
const recipes = rows.filter(({ kind }) => kind === 'recipe').map(({ id }) => id)
const tags = rows.flatMap(({ kind, ids = [] }) => (kind === 'architecture' ? ids.filter((id) => id.includes('.')) : []))
const recipesOf = (id) =>
  recipes.flatMap((name) => {
    const [recipe, owner] = name.split(' of ')
    return owner === undefined || owner === id ? [recipe] : []
  })

const sources = { mnist: 'mnist', 'fashion-mnist': 'fashion-mnist', photographs: options.photographs }

/** The accuracy that the last line of a training says, in percent. */
function measure(id, data, recipe) {
  const folder = mkdtempSync(join(tmpdir(), 'convzoo-recipes-'))
  const input = `${side(id)}x${side(id)}x${data === 'photographs' ? 3 : 1}`
  const how = [
    '--recipe',
    recipe,
    '--epochs',
    options.epochs,
    '--limit',
    options.limit,
    '--device',
    'cpu',
    '--seed',
    '1',
  ]
  const began = performance.now()
  try {
    const output = convzoo(
      ...['train', id, '--data', sources[data], '--input', input, ...how],
      ...['--test-limit', options['test-limit'], '--run', join(folder, 'run')],
    )
    const percent = /accuracy ([\d.]+)/.exec(output.trimEnd().split('\n').at(-1))?.[1]
    return {
      ...{ id, data, recipe, input, accuracy: Number(percent), epochs: Number(options.epochs) },
      ...{ images: Number(options.limit), seconds: Math.round((performance.now() - began) / 1000) },
      date: new Date().toISOString().slice(0, 10),
      machine: `${cpus().length} cores of ${cpus()[0]?.model.trim()}, ${platform()} ${arch()}`,
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const keyOf = ({ id, data, recipe }) => `${data} ${id} ${recipe}`

function table(results, data) {
  const names = ['modern', 'notebook', 'paper']
  const cell = (id, recipe) => {
    if (!recipesOf(id).includes(recipe)) return '–'
    const found = results.get(keyOf({ id, data, recipe }))
    return found === undefined ? 'not measured' : `${found.accuracy.toFixed(2)} %`
  }
  const how = (id) => {
    const found = names.map((recipe) => results.get(keyOf({ id, data, recipe }))).find((each) => each !== undefined)
    return found === undefined ? '' : `${found.images} × ${found.epochs}`
  }
  return [
    `| tag | ${names.join(' | ')} | images × epochs |`,
    `| --- |${names.map(() => ' --- |').join('')} --- |`,
    ...tags.map((id) => `| \`${id}\` | ${names.map((recipe) => cell(id, recipe)).join(' | ')} | ${how(id)} |`),
  ].join('\n')
}

function write(results) {
  const all = [...results.values()].sort((a, b) => keyOf(a).localeCompare(keyOf(b), 'en'))
  writeFileSync(kept, `${JSON.stringify(all, undefined, 2)}\n`)
  const places = [...new Set(all.map(({ machine, date }) => `${machine}, ${date}`))]
  const text = [
    '# How the recipes fare',
    '',
    'A recipe says how a network is trained where nothing else is said: its optimizer, its learning rate, and with the papers its batches and epochs.',
    '`modern` is taken unless another is named; `notebook` is the compile call of the Keras notebook; `paper` is what the authors did, as far as they say.',
    'Networks are trained at 67×67 (`nin.cifar10` at 32×32), all recipes of a row for as many epochs; the figure is the accuracy on images that',
    'were not trained on. `pnpm bench:recipes` measured and wrote this page; its figures stand in `bench/recipes/results.json`.',
    '',
    ...Object.keys(sources).flatMap((data) => [`## ${data}`, '', table(results, data), '']),
    `Measured on ${places.length === 0 ? 'no machine yet' : places.join('; ')}.`,
    '',
  ]
  writeFileSync(page, text.join('\n'))
}

const results = new Map(JSON.parse(readFileSync(kept, 'utf8')).map((each) => [keyOf(each), each]))
write(results)
for (const data of options.data.split(',')) {
  if (sources[data] === undefined) continue
  for (const id of tags.filter((each) => each.includes(options.only))) {
    for (const recipe of recipesOf(id).filter((each) => options.recipes === '' || options.recipes.includes(each))) {
      const result = measure(id, data, recipe)
      console.log(`${data} ${id} ${recipe}: ${result.accuracy} %, ${result.seconds} s`)
      results.set(keyOf(result), result)
      write(results)
    }
  }
}
