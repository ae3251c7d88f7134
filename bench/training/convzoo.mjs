// Our side of the benches.
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { alexnet } from '../../packages/alexnet/dist/index.js'
import { createProgram, functionName, initialState, seedWords } from '../../packages/core/dist/engine.js'
import { categoricalCrossentropy, createModel, freeze, sgdw } from '../../packages/core/dist/index.js'
import { onnx } from '../../packages/engine-onnx/dist/index.js'
import { tfjs } from '../../packages/engine-tfjs/dist/index.js'

const { values } = parseArgs({
  options: {
    steps: { type: 'string' },
    'batch-size': { type: 'string' },
    input: { type: 'string' },
    classes: { type: 'string' },
    engine: { type: 'string', default: 'onnx' },
    device: { type: 'string', default: 'cpu' },
    // Names of layers that are not trained; none by default.
    freeze: { type: 'string', default: '' },
  },
})
const batchSize = Number(values['batch-size'])
const classes = Number(values.classes)
const input = values.input.split('x').map(Number)
const whole = createModel(alexnet, { input, classes })
const program = createProgram({
  model: values.freeze === '' ? whole : freeze(whole, new RegExp(values.freeze)),
  optimizer: sgdw({ weightDecay: 5e-4, momentum: 0.9 }),
  loss: categoricalCrossentropy(),
  batchSizes: { train: [batchSize] },
})
const executable = await { onnx, tfjs }[values.engine]({ device: values.device }).compile(program)
await executable.writeState(initialState(program, 1))
const targets = new Float32Array(batchSize * classes)
for (let sample = 0; sample < batchSize; sample++) targets[sample * classes + (sample % classes)] = 1
const inputs = {
  images: Float32Array.from({ length: batchSize * input[0] * input[1] * input[2] }, (_, index) => Math.sin(index)),
  targets,
  sampleIndices: Uint32Array.from({ length: batchSize }, (_, index) => index),
  seed: Uint32Array.from(seedWords(1)),
  learningRate: 0.001,
  weightDecay: 5e-4,
}
console.log(JSON.stringify(executable.description))

let step = 0
for await (const _ of createInterface({ input: process.stdin })) {
  const seconds = []
  for (let count = 0; count < Number(values.steps); count++, step++) {
    const began = performance.now()
    await executable.run(functionName('train', batchSize), { ...inputs, step })
    seconds.push((performance.now() - began) / 1000)
  }
  console.log(JSON.stringify(seconds))
}
await executable.dispose()
