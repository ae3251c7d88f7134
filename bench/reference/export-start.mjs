// Writes what a training run of one of the notebook's networks starts from, as our core makes it: weights, batches and dropout's
// uniform numbers. The references in this folder read it; none of them draws a number of its own.
import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { alexnet } from '../../packages/alexnet/dist/index.js'
import { alexnetTwoTower } from '../../packages/alexnet-twotower/dist/index.js'
import { createProgram, initialState, seedWords, uniformForSamples } from '../../packages/core/dist/engine.js'
import { categoricalCrossentropy, createModel, sgdw } from '../../packages/core/dist/index.js'
import { idxDataset } from '../../packages/data/dist/index.js'
import { nin } from '../../packages/nin/dist/index.js'
import { zfnet } from '../../packages/zfnet/dist/index.js'
import { writeSafetensors } from './safetensors-file.mjs'

/** The networks, each with an input that keeps ten steps short. */
const networks = {
  alexnet: { architecture: alexnet, input: '67x67x1' },
  'alexnet-twotower': { architecture: alexnetTwoTower, input: '35x35x1' },
  zfnet: { architecture: zfnet, input: '35x35x1' },
  nin: { architecture: nin, input: '67x67x1' },
}

const { values } = parseArgs({
  options: {
    output: { type: 'string' },
    network: { type: 'string', default: 'alexnet' },
    seed: { type: 'string', default: '2' },
    steps: { type: 'string', default: '10' },
    'batch-size': { type: 'string', default: '2' },
    input: { type: 'string' },
  },
})
const network = networks[values.network]
if (network === undefined) throw new Error(`Say which network: ${Object.keys(networks).join(', ')}`)
if (values.output === undefined) throw new Error('Say where to write: --output start.safetensors')

const seed = Number(values.seed)
const steps = Number(values.steps)
const batchSize = Number(values['batch-size'])
const input = values.input ?? network.input
const imageShape = input.split('x').map(Number)
const samples = steps * batchSize

const model = createModel(network.architecture, { input: imageShape, classes: 10 })
const optimizer = sgdw({ weightDecay: 5e-4, momentum: 0.9 })
const program = createProgram({ model, optimizer, loss: categoricalCrossentropy(), batchSizes: { train: [batchSize] } })
const weights = [...initialState(program, seed)].filter(({ name }) =>
  model.weights.some((weight) => weight.name === name),
)

// Real images in their order. They are kept as bytes, which take a quarter of the room and are exact everywhere:
// a network sees (byte / 255 − mean) / standard deviation, computed in double precision and rounded once.
const fixtures = join(dirname(fileURLToPath(import.meta.url)), '../../packages/data/src/fixtures/fashion-mnist')
const dataset = await idxDataset({
  images: join(fixtures, 'train-images-idx3-ubyte.gz'),
  labels: join(fixtures, 'train-labels-idx1-ubyte.gz'),
  imageShape,
  limit: samples,
})
const { images, targets } = await dataset.batch(Uint32Array.from({ length: samples }, (_, index) => index))
const labels = Uint8Array.from({ length: samples }, (_, index) =>
  targets.subarray(index * 10, index * 10 + 10).indexOf(1),
)

// The sample at place p of the epoch is image p: step s trains on samples s·N … s·N + N − 1.
const uniforms = model.layers
  .filter(({ layer }) => layer.type === 'dropout')
  .map(({ name, outputShape: [units] }) => {
    const data = new Float32Array(samples * units)
    for (let step = 0; step < steps; step++) {
      const sampleIndices = Array.from({ length: batchSize }, (_, index) => step * batchSize + index)
      const part = data.subarray(step * batchSize * units, (step + 1) * batchSize * units)
      uniformForSamples({ seed: seedWords(seed), stream: name, step, sampleIndices }, part)
    }
    return { name: `uniforms/${name}`, shape: [steps, batchSize, units], data }
  })

mkdirSync(dirname(values.output), { recursive: true })
writeSafetensors(
  values.output,
  [
    ...weights,
    ...uniforms,
    {
      name: 'images',
      shape: [samples, ...imageShape],
      data: Uint8Array.from(images, (value) => Math.round(value * 255)),
    },
    { name: 'labels', shape: [samples], data: labels },
  ],
  {
    network: values.network,
    input,
    seed: values.seed,
    steps: values.steps,
    batchSize: values['batch-size'],
    dataset: 'Fashion-MNIST',
    mean: '0.286',
    standardDeviation: '0.353',
  },
)
console.log(`${weights.length} weights, ${samples} images ${input}, labels ${labels.join(' ')} → ${values.output}`)
