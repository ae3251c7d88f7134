// torchvision's AlexNet and ours: the same random weights and the same photographs, each through its own preprocessing, by the command line and
// by a program; weights that PyTorch saved, imported and written back, byte for byte.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { missingDebian, unpackDebian } from '../debian-packages.mjs'
import { ended, missingPython, pythonWith } from '../python-environment.mjs'

const needed = ['torch==2.6.0', 'torchvision==0.21.0', 'pillow==11.1.0', 'numpy']
const needs = ['torch', 'torchvision', 'PIL', 'numpy']
const script = fileURLToPath(new URL('../../bench/reference/torchvision_alexnet.py', import.meta.url))
const cropper = fileURLToPath(new URL('../../bench/data/photographs.mjs', import.meta.url))
const cli = fileURLToPath(new URL('../../apps/cli/dist/cli.js', import.meta.url))

/**
 * How far a probability may be from torchvision's, by the kind of the photograph. Both see the same pixels, to the byte (docs/decisions/0028), but
 * where a Pillow of version 13 or later goes down before across: those before it, by which torchvision's weights were made, never do.
 */
const bounds = { ordinary: 1e-4, turned: 1e-4, large: 1e-4, 'down first': 2e-3 }
const seldom = 'down first'
const id = 'alexnet.torchvision'

export function missing() {
  return missingPython(needs) ?? missingDebian()
}

export async function run() {
  const folder = mkdtempSync(join(tmpdir(), 'convzoo-torchvision-'))
  try {
    const python = pythonWith(needed, join(folder, 'venv'))
    const photographs = photographsIn(folder)
    console.log(ended(python, script, 'make', folder, ...photographs).trim())
    const truth = new Map(Object.entries(JSON.parse(readFileSync(join(folder, 'truth.json'), 'utf8'))))
    const theirs = join(folder, 'alexnet.pth')
    const ours = join(folder, 'alexnet.safetensors')
    const predict = (...weights) =>
      JSON.parse(ended(process.execPath, cli, 'predict', ...weights, ...photographs, '--top', '1000', '--json'))
    requireNear('predict --weights alexnet.pth', truth, predict('--weights', theirs, '--as', id))
    console.log(ended(process.execPath, cli, 'import', theirs, '--as', id, '-o', ours).trim())
    requireNear('predict alexnet.safetensors', truth, predict('--weights', ours))
    await byProgram(truth, ours, join(folder, 'back.safetensors'))
    console.log(ended(python, script, 'back', folder, join(folder, 'back.safetensors')).trim())
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** A program that is installed beside the command line finds what that has. */
async function byProgram(truth, ours, back) {
  const installed = createRequire(cli).resolve('@convzoo/run')
  const { bringPlugins, exportWeights, openWeights } = await import(pathToFileURL(installed).href)
  bringPlugins(pathToFileURL(cli).href)
  const network = await openWeights(ours, { onWarning: (line) => console.log(line) })
  requireNear('openWeights', truth, await network.predict([...truth.keys()], { top: 1000 }))
  await network.dispose()
  const { peer, names } = await exportWeights(ours, { to: back })
  if (peer !== 'torchvision.models.alexnet' || names[0] !== 'features.0.weight') throw new Error(`${peer}: ${names}`)
}

function requireNear(what, truth, predictions) {
  const largest = new Map()
  const counts = new Map()
  for (const { image, top } of predictions) {
    const { kind, probabilities } = truth.get(image) ?? {}
    if (probabilities === undefined) throw new Error(`${what}: an image of another name, ${image}`)
    if (top.length !== probabilities.length) throw new Error(`${what}: ${top.length} classes of ${image}`)
    counts.set(kind, (counts.get(kind) ?? 0) + 1)
    for (const { class: name, probability } of top) {
      largest.set(kind, Math.max(largest.get(kind) ?? 0, Math.abs(probability - probabilities[Number(name)])))
    }
  }
  if (predictions.length !== truth.size) throw new Error(`${what}: ${predictions.length} of ${truth.size} images`)
  console.log(`${what}: the greatest difference of a probability`)
  for (const [kind, bound] of Object.entries(bounds)) {
    const found = largest.get(kind)
    if (found === undefined && kind === seldom) continue
    if (found === undefined) throw new Error(`There is no ${kind} photograph.`)
    console.log(`  ${counts.get(kind)} ${kind}: ${found.toExponential(2)}`)
    if (!(found <= bound)) throw new Error(`${what}: more than ${bound} from torchvision`)
  }
}

/** Crops of photographs of 300 to 800 px, some turned by EXIF, some grey, and the photographs themselves, which are large. */
function photographsIn(folder) {
  const packages = join(folder, 'packages')
  mkdirSync(packages)
  const root = unpackDebian(['lomiri-wallpapers-16.04'], packages)
  const crops = join(folder, 'photographs')
  ended(process.execPath, cropper, '--from', root, '--output', crops, '--count', '32')
  const large = picturesBelow(root).slice(0, 3)
  return [...picturesBelow(crops), ...large]
}

const picturesBelow = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(?:jpe?g|png)$/i.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
