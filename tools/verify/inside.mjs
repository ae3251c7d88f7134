// Inside of torchvision's AlexNet: gradients, guided gradients, Grad-CAM and a deconvnet of every convolution and of dense layers, by
// @convzoo/visualize/inside on ONNX Runtime and by a script of PyTorch: the same random weights, the same images.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { ended, missingPython, pythonWith } from '../python-environment.mjs'

const needed = ['torch==2.6.0', 'torchvision==0.21.0', 'numpy']
const script = fileURLToPath(new URL('../../bench/reference/inside_alexnet.py', import.meta.url))
const cli = fileURLToPath(new URL('../../apps/cli/dist/cli.js', import.meta.url))
const visualize = fileURLToPath(new URL('../../packages/visualize/dist/inside.js', import.meta.url))

/** How far a number may be from PyTorch's, as a part of the largest. */
const bound = 1e-4

export function missing() {
  return missingPython(['torch', 'torchvision', 'numpy'])
}

export async function run() {
  const folder = mkdtempSync(join(tmpdir(), 'convzoo-inside-'))
  try {
    const python = pythonWith(needed, join(folder, 'venv'))
    console.log(ended(python, script, folder).trim())
    const weights = join(folder, 'alexnet.safetensors')
    const pth = join(folder, 'alexnet.pth')
    console.log(ended(process.execPath, cli, 'import', pth, '--as', 'alexnet.torchvision', '-o', weights).trim())
    await compare(folder, weights)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function compare(folder, weights) {
  const { bringPlugins, openWeights } = await import(pathToFileURL(createRequire(cli).resolve('@convzoo/run')).href)
  bringPlugins(pathToFileURL(cli).href)
  const inside = await import(pathToFileURL(visualize).href)
  const network = await openWeights(weights, { engine: 'onnx', onWarning: (line) => console.log(line) })
  const images = floats(join(folder, 'images.f32'))
  const { labels, files } = JSON.parse(readFileSync(join(folder, 'truth.json'), 'utf8'))
  let worst = 0
  for (const [what, file] of Object.entries(files)) {
    const found = await resultOf(inside, network, { images, labels, what })
    const difference = greatestDifference(found, floats(join(folder, file)), what)
    console.log(`  ${what}: ${difference.toExponential(1)} of the largest number`)
    worst = Math.max(worst, difference)
  }
  await network.dispose()
  if (!(worst <= bound)) throw new Error(`A number is ${worst} of the largest from PyTorch's.`)
}

async function resultOf(inside, network, { images, labels, what }) {
  const [method, layer, unit] = what.split(' ')
  if (method === 'deconvnet') {
    const units = labels.map(() => Number(unit))
    const projections = await inside.deconvnet(network, { layer, images, units })
    return Float32Array.from(projections.flatMap(({ values }) => [...values]))
  }
  const { values, classes } = await inside[method](network, { images, ...(layer === undefined ? {} : { layer }) })
  if (String(classes) !== String(labels)) throw new Error(`${what}: the classes are ${classes} instead of ${labels}`)
  return values
}

function greatestDifference(found, wanted, what) {
  if (found.length !== wanted.length) throw new Error(`${what}: ${found.length} numbers instead of ${wanted.length}`)
  const largest = wanted.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  if (!(largest > 0)) throw new Error(`${what}: nothing came back.`)
  return wanted.reduce((most, value, index) => Math.max(most, Math.abs(value - found[index])), 0) / largest
}

function floats(path) {
  const bytes = readFileSync(path)
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length))
}
