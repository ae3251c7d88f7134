// Every network and tag as models for other software, by the command line, with weights of which
// its classes differ. As an ONNX model, of images
// that are preprocessed and of bytes: the onnx package checks it, and Python's onnxruntime makes of the same images what convzoo makes, for
// several images and for one, and Netron draws it. As a LayersModel: a real Chromium makes the same of them, by two backends of TensorFlow.js. And the way from
// torchvision through convzoo to onnxruntime, which gives what torchvision gives.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { missingChromium } from '../chromium.mjs'
import { differencesInChromium } from '../layers-models-in-chromium.mjs'
import { drawnByNetron } from '../netron-in-chromium.mjs'
import { ended, missingPython, pythonWith } from '../python-environment.mjs'

const needed = ['torch==2.6.0', 'torchvision==0.21.0', 'numpy', 'onnx==1.23.2', 'onnxruntime==1.32.0', 'netron==9.3.3']
const needs = ['torch', 'torchvision', 'numpy', 'onnx', 'onnxruntime', 'netron']
const script = fileURLToPath(new URL('../../bench/reference/onnx_models.py', import.meta.url))
const cli = fileURLToPath(new URL('../../apps/cli/dist/cli.js', import.meta.url))

/** A smaller input than their own, since no operator depends on it, and fewer classes; one network has a small input of its own. */
const usual = { input: [99, 99, 3], classes: 10 }
const reduced = { 'nin.cifar10': {} }
const images = 3
/** Between probabilities of engine onnx and of TensorFlow.js. */
const tolerance = 1e-4

export function missing() {
  return missingPython(needs) ?? missingChromium()
}

export async function run() {
  const folder = mkdtempSync(join(tmpdir(), 'convzoo-export-'))
  try {
    const python = pythonWith(needed, join(folder, 'venv'))
    const models = join(folder, 'models')
    const ids = await exportAll(models)
    console.log(ended(python, script, 'check', models).trim())
    await checkInChromium(models, ids)
    await checkInNetron(python, models, ids)
    ended(python, script, 'make', folder)
    const weights = join(folder, 'alexnet.safetensors')
    ended(process.execPath, cli, 'import', join(folder, 'alexnet.pth'), '--as', 'alexnet.torchvision', '-o', weights)
    ended(process.execPath, cli, 'export', weights, '-o', join(folder, 'alexnet.onnx'))
    console.log(ended(python, script, 'same', folder).trim())
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Each LayersModel in Chromium, beside what convzoo makes of the same images, and of the same bytes. */
export async function checkInChromium(models, ids) {
  const all = ids.flatMap((id) => [id, `${id}-bytes`])
  const cases = all.map((name) => ({ name: `${name}-tfjs`, images: `${name}.images`, wanted: `${name}.probabilities` }))
  for (const { name, backend, difference } of await differencesInChromium(models, cases)) {
    console.log(`${name} in Chromium, ${backend}: ${difference.toExponential(1)}`)
    if (!(difference <= tolerance)) throw new Error(`${name} differs by ${difference}.`)
  }
}

/** Each ONNX model in Netron: it draws a box for each operator that the model has, and for no other. */
async function checkInNetron(python, models, ids) {
  const paths = ids.flatMap((id) => [id, `${id}-bytes`]).map((name) => join(models, `${name}.onnx`))
  const operators = JSON.parse(ended(python, script, 'operators', models))
  for (const [index, drawn] of (await drawnByNetron(python, paths)).entries()) {
    const name = basename(paths[index], '.onnx')
    const [wanted, given] = [operators[name], drawn].map((all) => all.toSorted().join(', '))
    console.log(`${name} in Netron: ${drawn.length} operators`)
    if (given !== wanted) throw new Error(`Netron draws other operators of ${name}: ${given}, and not ${wanted}.`)
  }
}

/**
 * Writes name.onnx and name-tfjs by the command line, of images and of bytes, and what convzoo makes of both by a program that is installed
 * beside it. Gives the ids.
 */
export async function exportAll(models, isWanted = () => true) {
  mkdirSync(models)
  const { createModel } = await installed('@convzoo/core')
  const { installedChoices, bringPlugins, openWeights } = await installed('@convzoo/run')
  bringPlugins(pathToFileURL(cli).href)
  const { choices } = await installedChoices()
  const networks = choices.filter(({ kind }) => kind === 'architecture')
  if (networks.length < 4) throw new Error(`Only ${networks.map(({ id }) => id).join(', ')}`)
  const done = []
  for (const { ids, package: name } of networks) {
    await installed(name.slice(0, name.lastIndexOf('@')))
    for (const id of ids.filter((each) => each.includes('.') && isWanted(each))) {
      const model = createModel(id, reduced[id] ?? usual)
      const [{ shape: input }] = model.inputs
      const weights = join(models, `${id}.safetensors`)
      await writeStart(model, id, weights)
      for (const format of ['onnx', 'tfjs']) {
        const [end, rest] = format === 'onnx' ? ['.onnx', []] : ['-tfjs', ['--format', 'tfjs']]
        exported(weights, '-o', join(models, `${id}${end}`), ...rest)
        exported(weights, '-o', join(models, `${id}-bytes${end}`), '--with-preprocessing', ...rest)
      }
      const network = await openWeights(weights, { onWarning: () => undefined })
      const trainer = await network.trainer()
      const bytes = bytesFor(input)
      const seen = await preprocessed(bytes, input, network.preprocessing)
      const probabilities = await trainer.predict(seen, { batchSize: images })
      for (const [stem, given] of [
        [id, seen],
        [`${id}-bytes`, bytes],
      ]) {
        writeFileSync(join(models, `${stem}.images`), given)
        writeFileSync(join(models, `${stem}.probabilities`), probabilities)
      }
      await trainer.dispose()
      await network.dispose()
      rmSync(weights)
      done.push(id)
    }
  }
  return done
}

function exported(...parameters) {
  const [first, second] = ended(process.execPath, cli, 'export', ...parameters).split('\n')
  console.log(`${first}; ${second}`)
}

/** Pictures that differ from each other. */
function bytesFor(input) {
  const size = input.reduce((product, length) => product * length, 1)
  return Uint8Array.from({ length: images * size }, (_, place) => {
    const [image, at] = [Math.floor(place / size), place % size]
    return 128 + 60 * Math.sin(at * (0.0005 + 0.003 * image)) + ((at * at * 31) % 67)
  })
}

/** What a network sees of pictures that have the size of its input. */
async function preprocessed(bytes, input, { resize, mean, standardDeviation, whitening }) {
  const { arrayDataset } = await installed('@convzoo/data')
  const arithmetic = { resize, mean, standardDeviation, ...(whitening === undefined ? {} : { whitening }) }
  const labels = Array.from({ length: images }, () => 0)
  const dataset = arrayDataset({ images: bytes, shape: input, labels, imageShape: input, preprocessing: arithmetic })
  return (await dataset.batch(labels.map((_, place) => place))).images
}

/** A package that the command line has. */
const installed = (name) => import(pathToFileURL(createRequire(cli).resolve(name)).href)

/** A file of weights of which the network's classes differ; of one whose pictures are whitened, a matrix besides. */
async function writeStart(model, network, path) {
  const { Trainer } = await installed('@convzoo/trainer')
  const { writeSafetensors } = await installed('@convzoo/safetensors')
  const { onnx } = await installed('@convzoo/engine-onnx')
  const { preprocessingFor, sharedRegistry } = await installed('@convzoo/core')
  const [{ shape: input }] = model.inputs
  const { augmentation: _, ...preprocessing } = preprocessingFor(sharedRegistry().resolve(network).tag, input)
  const { whitening } = preprocessing
  const besides = whitening === undefined ? [] : whiteningFor(input)
  const fitted = { mean: besides[0]?.data, matrix: besides[1]?.data }
  const known = whitening === undefined ? preprocessing : { ...preprocessing, whitening: { ...whitening, fitted } }
  const trainer = new Trainer({ model, engine: onnx() })
  await trainer.prepare({ predict: [{ samples: images, batchSize: images }] })
  await spreadClasses(trainer, model, await preprocessed(bytesFor(input), input, known))
  async function* read(names) {
    for (const name of names) {
      const tensor = besides.find((each) => each.name === name)
      if (tensor === undefined) yield* trainer.readState([name])
      else yield tensor
    }
  }
  const metadata = { network, input: JSON.stringify(input), preprocessing: JSON.stringify(preprocessing) }
  await writeSafetensors(path, { specs: [...model.weights, ...besides], read, metadata })
  await trainer.dispose()
}

/** Weights of a size that keeps that of what they sum, and the last of them scaled until some class is likely and none is certain. */
async function spreadClasses(trainer, { weights }, seen) {
  const tensors = weights.map(({ name, shape }) => {
    const size = shape.reduce((product, length) => product * length, 1)
    const deviation = shape.length === 1 ? 0.05 : Math.sqrt(2 / (size / shape.at(-1)))
    const data = Float32Array.from(
      { length: size },
      (_, place) => deviation * 2 * Math.sin(place * 12.9898) * Math.sin(place * place * 0.61803),
    )
    return { name, shape, data }
  })
  const last = tensors.filter(({ name }) => name.split('/')[0] === weights.at(-1).name.split('/')[0])
  for (let attempt = 0; attempt < 40; attempt++) {
    await trainer.writeWeights(tensors)
    const probabilities = await trainer.predict(seen, { batchSize: images })
    const [least, most] = [Math.min(...probabilities), Math.max(...probabilities)]
    if (most < 0.9 && most - least > 0.05) return
    const factor = most < 0.9 ? 1.7 : 0.6
    for (const { data } of last) for (const place of data.keys()) data[place] *= factor
  }
  throw new Error('The classes of a network cannot be told apart.')
}

/** A mean and a symmetric matrix that are no measurement of anything. */
function whiteningFor(input) {
  const size = input.reduce((product, length) => product * length, 1)
  const matrix = new Float32Array(size * size)
  for (let place = 0; place < size * size; place++) {
    const [row, column] = [Math.floor(place / size), place % size]
    matrix[place] = row === column ? 1 : 0.001 * Math.sin(row + column)
  }
  const mean = Float32Array.from({ length: size }, (_, place) => Math.sin(place))
  return [
    { name: 'whitening.mean', shape: [size], data: mean },
    { name: 'whitening.matrix', shape: [size, size], data: matrix },
  ]
}
