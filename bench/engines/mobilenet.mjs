// How long MobileNetV1's training step takes to compile and to run on engine onnx: half of its convolutions are depthwise.
//
//   node bench/engines/mobilenet.mjs [--input 32] [--batch-size 8] [--steps 20]
//
// Howard et al., "MobileNets", arXiv:1704.04861, table 1. The packages have to be built.
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { createProgram, functionName, initialState, seedWords } from '../../packages/core/dist/engine.js'
import {
  activation,
  batchNormalization,
  categoricalCrossentropy,
  conv2d,
  dense,
  functionalModel,
  globalAveragePooling2d,
  input,
  sgdw,
} from '../../packages/core/dist/index.js'
import { onnx } from '../../packages/engine-onnx/dist/index.js'

const text = (fallback) => ({ type: 'string', default: fallback })
const { values } = parseArgs({ options: { input: text('32'), 'batch-size': text('8'), steps: text('20') } })
const side = Number(values.input)
const batchSize = Number(values['batch-size'])
const classes = 10

const convolution = (options, x) =>
  activation({ function: 'relu' })(batchNormalization()(conv2d({ padding: 'same', useBias: false, ...options })(x)))
const images = input({ shape: [side, side, 3] })
let x = convolution({ filters: 32, kernelSize: 3, strides: 2 }, images)
const widths = [64, 128, 128, 256, 256, 512, 512, 512, 512, 512, 512, 1024, 1024]
for (const filters of widths) {
  const channels = x.shape.at(-1)
  // The image shrinks where the channels double, but for the first time.
  const strides = channels < filters && channels > 32 ? 2 : 1
  x = convolution({ filters: channels, kernelSize: 3, strides, groups: channels }, x)
  x = convolution({ filters, kernelSize: 1 }, x)
}
const output = dense({ units: classes, activation: 'softmax' })(globalAveragePooling2d()(x))
const program = createProgram({
  model: functionalModel({ inputs: images, output, classes, name: 'mobilenet' }),
  optimizer: sgdw({ weightDecay: 5e-4, momentum: 0.9 }),
  loss: categoricalCrossentropy(),
  batchSizes: { train: [batchSize] },
})

const began = performance.now()
const executable = await onnx().compile(program)
const compiled = (performance.now() - began) / 1000
await executable.writeState(initialState(program, 1))
const inputs = {
  images: Float32Array.from({ length: batchSize * side * side * 3 }, (_, index) => Math.sin(index)),
  targets: Float32Array.from({ length: batchSize * classes }, (_, index) => (index % classes === 0 ? 1 : 0)),
  sampleIndices: Uint32Array.from({ length: batchSize }, (_, index) => index),
  seed: Uint32Array.from(seedWords(1)),
  learningRate: 0.001,
  weightDecay: 5e-4,
}
const milliseconds = []
for (let step = 0; step < Number(values.steps); step++) {
  const start = performance.now()
  await executable.run(functionName('train', batchSize), { ...inputs, step })
  milliseconds.push(performance.now() - start)
}
await executable.dispose()
console.log(`${executable.description}; ${cpus().length} cores, ${new Date().toISOString().slice(0, 10)}`)
console.log(
  `train/${batchSize} at ${side}×${side}: compiled in ${compiled.toFixed(1)} s, best step ${Math.min(...milliseconds).toFixed(0)} ms`,
)
