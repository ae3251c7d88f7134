// Every network and tag as an ONNX model, by the command line, with weights as training starts from them: the onnx package checks it, and
// Python's onnxruntime makes of the same images what convzoo makes, for several images and for one. And the way from torchvision through
// convzoo to onnxruntime, which gives what torchvision gives.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { ended, missingPython, pythonWith } from '../python-environment.mjs'

const needed = ['torch==2.6.0', 'torchvision==0.21.0', 'numpy', 'onnx==1.23.2', 'onnxruntime==1.32.0']
const needs = ['torch', 'torchvision', 'numpy', 'onnx', 'onnxruntime']
const script = fileURLToPath(new URL('../../bench/reference/onnx_models.py', import.meta.url))
const cli = fileURLToPath(new URL('../../apps/cli/dist/cli.js', import.meta.url))

/** A smaller input than their own, since no operator depends on it, and fewer classes; one network has a small input of its own. */
const usual = { input: [99, 99, 3], classes: 10 }
const reduced = { 'nin.cifar10': {} }
const images = 3

export function missing() {
  return missingPython(needs)
}

export async function run() {
  const folder = mkdtempSync(join(tmpdir(), 'convzoo-export-'))
  try {
    const python = pythonWith(needed, join(folder, 'venv'))
    const models = join(folder, 'models')
    await exportAll(models)
    console.log(ended(python, script, 'check', models).trim())
    ended(python, script, 'make', folder)
    const weights = join(folder, 'alexnet.safetensors')
    ended(process.execPath, cli, 'import', join(folder, 'alexnet.pth'), '--as', 'alexnet.torchvision', '-o', weights)
    ended(process.execPath, cli, 'export', weights, '-o', join(folder, 'alexnet.onnx'))
    console.log(ended(python, script, 'same', folder).trim())
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Writes name.onnx by the command line, and what convzoo makes of the same images by a program that is installed beside it. */
async function exportAll(models) {
  mkdirSync(models)
  const { createModel } = await installed('@convzoo/core')
  const { installedChoices, bringPlugins, openWeights } = await installed('@convzoo/run')
  bringPlugins(pathToFileURL(cli).href)
  const { choices } = await installedChoices()
  const networks = choices.filter(({ kind }) => kind === 'architecture')
  if (networks.length < 4) throw new Error(`Only ${networks.map(({ id }) => id).join(', ')}`)
  for (const { ids, package: name } of networks) {
    await installed(name.slice(0, name.lastIndexOf('@')))
    for (const id of ids.filter((each) => each.includes('.'))) {
      const model = createModel(id, reduced[id] ?? usual)
      const [{ shape: input }] = model.inputs
      const weights = join(models, `${id}.safetensors`)
      await writeStart(model, id, weights)
      const said = ['--input', input.join('x'), '-o', join(models, `${id}.onnx`)]
      console.log(
        ended(process.execPath, cli, 'export', weights, ...said)
          .trim()
          .split('\n')
          .slice(0, 2)
          .join('; '),
      )
      const network = await openWeights(weights, { input, onWarning: () => undefined })
      const trainer = await network.trainer()
      const size = images * input.reduce((product, length) => product * length, 1)
      const values = Float32Array.from({ length: size }, (_, place) => Math.sin(place * 0.37))
      writeFileSync(join(models, `${id}.images`), values)
      writeFileSync(join(models, `${id}.probabilities`), await trainer.predict(values, { batchSize: images }))
      await trainer.dispose()
      await network.dispose()
      rmSync(weights)
    }
  }
}

/** A package that the command line has. */
const installed = (name) => import(pathToFileURL(createRequire(cli).resolve(name)).href)

/** What a training of this network starts from, as a file of weights. */
async function writeStart(model, network, path) {
  const { Trainer } = await installed('@convzoo/trainer')
  const { writeSafetensors } = await installed('@convzoo/safetensors')
  const { onnx } = await installed('@convzoo/engine-onnx')
  const trainer = new Trainer({ model, engine: onnx() })
  await trainer.prepare({ predict: [{ samples: images, batchSize: images }] })
  const read = (names) => trainer.readState(names)
  await writeSafetensors(path, { specs: model.weights, read, metadata: { network } })
  await trainer.dispose()
}
