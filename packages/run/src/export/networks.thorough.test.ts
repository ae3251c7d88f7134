import { createModel } from '@convzoo/core'
import { onnx } from '@convzoo/engine-onnx'
import { writeSafetensors } from '@convzoo/safetensors'
import { Trainer } from '@convzoo/trainer'
import { afterAll, expect, it } from 'vitest'
import '@convzoo/alexnet-twotower'
import '@convzoo/nin'
import { openWeights } from '../index.js'
import { Project } from '../testing/project.js'

const project = new Project()
afterAll(() => project[Symbol.dispose]())

/** Networks with what a LayersModel lacks, at small inputs: groups, normalisation across channels; and the edges of pools. */
const networks = [
  ['alexnet-twotower.caffe', [67, 67, 3]],
  ['nin.cifar10', [12, 12, 3]],
] as const

it.each(networks)('%s is the same as a LayersModel and as an ONNX model', { timeout: 240_000 }, async (id, input) => {
  const model = createModel(id, { input, classes: 3 })
  const weights = project.path(`${id}.safetensors`)
  const trainer = new Trainer({ model, engine: onnx({ device: 'cpu' }), seed: 3 })
  await trainer.prepare({ predict: [{ samples: 1, batchSize: 1 }] })
  const metadata = { network: id, input: JSON.stringify(input) }
  await writeSafetensors(weights, { specs: model.weights, read: (names) => trainer.readState(names), metadata })
  await trainer.dispose()
  const warnings: string[] = []
  await using network = await openWeights(weights, { onWarning: (line) => warnings.push(line) })
  expect(network.model.output.shape).toEqual([3])
  const asOnnx = await network.export(project.path(`${id}.onnx`))
  const asTfjs = await network.export(project.path(id), { format: 'tfjs' })
  for (const { greatestDifference } of [asOnnx, asTfjs]) expect(greatestDifference).toBeLessThan(1e-5)
  expect(warnings.join()).toContain('compared on noise')
})
