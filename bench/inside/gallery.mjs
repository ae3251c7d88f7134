// `pnpm gallery`: AlexNet and ZFNet, trained here on photographs and on digits, and what the maps of each of their five convolutions like most, carried
// back to pixels: docs/gallery, which docs/inside.md shows.
//
//   pnpm gallery --photographs <folder> [--input 131x131x3] [--epochs 30] [--again]
//
// bench/photographs.py makes such a folder: its part `before` is meant. Runs are kept under node_modules/.cache; `--again` trains anew.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { cpus } from 'node:os'
import { basename, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { builtCli } from '../../tools/build.mjs'
import { metricsOf } from '../../tools/training-run.mjs'
import { writePage } from './page.mjs'

const { values } = parseArgs({
  options: {
    photographs: { type: 'string' },
    input: { type: 'string', default: '131x131x3' },
    epochs: { type: 'string', default: '30' },
    again: { type: 'boolean', default: false },
  },
})
if (values.photographs === undefined) {
  console.error('Say where the photographs are: pnpm gallery --photographs <folder>; bench/photographs.py makes one.')
  process.exit(2)
}

const root = join(import.meta.dirname, '../..')
const cache = join(root, 'node_modules/.cache/convzoo/gallery')
const gallery = join(root, 'docs/gallery')
const networks = { alexnet: 'alexnet.paper2012-single', zfnet: 'zfnet.paper2013' }
const layers = ['conv2d', 'conv2d_1', 'conv2d_2', 'conv2d_3', 'conv2d_4']
/** Maps of a layer that are shown, and images for each. */
const [maps, images] = [3, 6]

/** What each network is trained on, and how. */
const jobs = {
  photographs: [
    '--data',
    values.photographs,
    '--input',
    values.input,
    '--epochs',
    values.epochs,
    '--augment',
    'horizontalFlip',
  ],
  digits: ['--data', 'mnist', '--input', '67x67x1', '--limit', '6000', '--test-limit', '1000', '--epochs', '2'],
}

const cli = builtCli()
const installed = (name) => import(pathToFileURL(createRequire(cli).resolve(name)).href)
const { bringPlugins, openRun } = await installed('@convzoo/run')
const sharp = createRequire(join(root, 'packages/data/package.json'))('sharp')
bringPlugins(pathToFileURL(cli).href)
mkdirSync(gallery, { recursive: true })

const trained = []
for (const [name, id] of Object.entries(networks)) {
  for (const [of, parameters] of Object.entries(jobs)) {
    const folder = join(cache, `${name}-${of}`)
    const command = ['train', id, ...parameters, '--batch-size', '32', '--seed', '1']
    if (!(await isWhole(folder, parameters))) {
      rmSync(folder, { recursive: true, force: true })
      const { status } = spawnSync(process.execPath, [cli, ...command, '--run', folder], { stdio: 'inherit' })
      if (status !== 0) throw new Error(`The training of ${id} on ${of} ended with ${status}.`)
    }
    const last = (await metricsOf(folder)).findLast(({ type }) => type === 'test' || type === 'validation')
    const told = command.map((part) => (part === values.photographs ? basename(part) : part)).join(' ')
    trained.push({ name, of, accuracy: last.top1, images: last.samples, command: `convzoo ${told}` })
    await draw(name, of, folder)
  }
}
const date = new Date().toISOString().slice(0, 10)
const machine = `${cpus().length} cores of ${cpus()[0]?.model.trim()}`
writeFileSync(
  join(import.meta.dirname, 'gallery.json'),
  `${JSON.stringify({ date, machine, trained }, undefined, 2)}\n`,
)
writePage()

/** Whether a run is there that was not stopped before its end. */
async function isWhole(folder, parameters) {
  if (values.again || !existsSync(folder)) return false
  const epochs = (await metricsOf(folder)).filter(({ type }) => type === 'epoch')
  return epochs.length === Number(parameters[parameters.indexOf('--epochs') + 1])
}

/** A picture of each convolution: its most active maps, one below the other. */
async function draw(name, of, folder) {
  const run = await openRun(folder, { onWarning: (line) => console.warn(line) })
  const filters = await run.visualize({ method: 'filters' })
  await written(`${name}-${of}-filters`, [filters.pictures[0].png])
  for (const layer of layers) {
    const { pictures } = await run.visualize({ method: 'deconvnet', layer, count: images })
    await written(
      `${name}-${of}-${layer}`,
      pictures.slice(0, maps).map(({ png }) => png),
    )
    console.log(`${name}, ${of}: ${layer}`)
  }
  await run.dispose()
}

/** Pictures below each other, as one file. */
async function written(name, pngs) {
  const sizes = await Promise.all(pngs.map(async (png) => sharp(png).metadata()))
  const width = Math.max(...sizes.map((size) => size.width))
  const height = sizes.reduce((sum, size) => sum + size.height, 0)
  let top = 0
  const parts = pngs.map((input, index) => {
    const part = { input, top, left: 0 }
    top += sizes[index].height
    return part
  })
  const background = { r: 232, g: 232, b: 232 }
  const sheet = sharp({ create: { width, height, channels: 3, background } }).composite(parts)
  await sheet.webp({ quality: 80 }).toFile(join(gallery, `${name}.webp`))
}
