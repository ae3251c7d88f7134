// The products of AlexNet's training step on webgpu, each alone, by the GPU's clock: which of them is slow. Its last line is JSON.
//
//   node bench/gpu/products.mjs [--project .] [--batch 128] [--runs 3] [--only conv2] [--allow-cpu]
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { openTarget } from '../../gpu/engines.mjs'
import { GraphBuilder, opsFor } from '../../packages/core/dist/engine.js'
import { lastRuns, readEvents, sum } from './trace.mjs'

const { values } = parseArgs({
  options: {
    project: { type: 'string', default: '.' },
    batch: { type: 'string', default: '128' },
    runs: { type: 'string', default: '3' },
    only: { type: 'string', default: '' },
    'allow-cpu': { type: 'boolean', default: false },
  },
})
const [batch, runs] = [Number(values.batch), Number(values.runs)]

const layers = [
  { name: 'conv1', size: 227, channels: 3, kernel: 11, stride: 4, padding: 0, filters: 96 },
  { name: 'conv2', size: 27, channels: 96, kernel: 5, stride: 1, padding: 2, filters: 256 },
  { name: 'conv3', size: 13, channels: 256, kernel: 3, stride: 1, padding: 1, filters: 384 },
  { name: 'conv4', size: 13, channels: 384, kernel: 3, stride: 1, padding: 1, filters: 384 },
  { name: 'conv5', size: 13, channels: 384, kernel: 3, stride: 1, padding: 1, filters: 256 },
  { name: 'dense1', inputs: 9216, outputs: 4096 },
  { name: 'dense2', inputs: 4096, outputs: 4096 },
  { name: 'dense3', inputs: 4096, outputs: 1000 },
].filter(({ name }) => name.includes(values.only))

/** What a product computes, of its two factors. The images have no gradient. */
function productsOf(layer) {
  if (layer.inputs !== undefined) {
    return {
      forward: ['x', 'weights', (ops, x, weights) => ops.matMul(x, weights)],
      'input gradient': ['dy', 'weights', (ops, dy, weights) => ops.matMul(dy, weights, { transposeB: true })],
      'weight gradient': ['x', 'dy', (ops, x, dy) => ops.matMul(x, dy, { transposeA: true })],
    }
  }
  const { name, size, kernel, stride, padding: side } = layer
  const padding = { top: side, bottom: side, left: side, right: side }
  const how = { strides: [stride, stride], padding, dilations: [1, 1], groups: 1 }
  const [image, window] = [
    { ...how, imageSize: [size, size] },
    { ...how, kernelSize: [kernel, kernel] },
  ]
  return {
    forward: ['x', 'weights', (ops, x, weights) => ops.conv2d(x, weights, how)],
    ...(name === 'conv1'
      ? {}
      : { 'input gradient': ['dy', 'weights', (ops, dy, weights) => ops.conv2dInputGradient(dy, weights, image)] }),
    'weight gradient': ['x', 'dy', (ops, x, dy) => ops.conv2dKernelGradient(x, dy, window)],
  }
}

/** Shapes of a layer's tensors, and the operations of each of its products. */
function sizesOf(layer) {
  if (layer.inputs !== undefined) {
    const { inputs, outputs } = layer
    const shapes = { x: [batch, inputs], weights: [inputs, outputs], dy: [batch, outputs] }
    return { shapes, operations: 2 * batch * inputs * outputs }
  }
  const { size, channels, kernel, stride, padding, filters } = layer
  const out = Math.floor((size + 2 * padding - kernel) / stride) + 1
  const shapes = {
    x: [batch, size, size, channels],
    weights: [kernel, kernel, channels, filters],
    dy: [batch, out, out, filters],
  }
  return { shapes, operations: 2 * batch * out ** 2 * kernel ** 2 * channels * filters }
}

function functionsOf(layer, shapes) {
  const build = ([kind, [left, right, product]]) => {
    const builder = new GraphBuilder()
    const [a, b] = [left, right].map((name) => builder.state(name, { shape: shapes[name], dtype: 'float32' }))
    const ops = opsFor(builder)
    builder.output('largest', ops.max(product(ops, a, b)))
    return [kind, builder.finish(kind)]
  }
  return Object.fromEntries(Object.entries(productsOf(layer)).map(build))
}

function numbers(shape) {
  const size = shape.reduce((product, length) => product * length, 1)
  return Float32Array.from({ length: size }, (_, index) => ((index * 7919) % 2003) / 1001.5 - 1)
}

const isProduct = ({ cat, name }) =>
  cat === 'Kernel' && /^(convolution|input gradient|kernel gradient|matrix product|sum of parts)$/.test(name)

/** Milliseconds of each of a layer's products, of the best of its runs but the first. */
async function timesOf(layer, folder) {
  const { shapes } = sizesOf(layer)
  const functions = functionsOf(layer, shapes)
  const options = { profile: join(folder, layer.name), allowCpu: values['allow-cpu'] }
  const engine = openTarget({ engine: 'tfjs', device: 'webgpu', options, project: resolve(values.project) })
  const state = Object.entries(shapes).map(([name, shape]) => ({ name, shape, dtype: 'float32' }))
  const executable = await engine.compile({ state, functions })
  await executable.writeState(state.map(({ name, shape }) => ({ name, shape, data: numbers(shape) })))
  const kinds = Object.keys(functions)
  for (const kind of kinds) for (let run = 0; run <= runs; run++) await executable.run(kind, {})
  await executable.dispose()
  const events = readEvents(options.profile)
  const { last } = lastRuns(events, ({ cat }) => cat === 'Session', kinds.length * (runs + 1))
  return kinds.map((kind, at) => {
    const own = last.slice(at * (runs + 1) + 1, (at + 1) * (runs + 1))
    const inside = ({ ts, dur }) => events.filter((each) => isProduct(each) && each.ts >= ts && each.ts <= ts + dur)
    return { kind, ms: Math.min(...own.map((session) => sum(inside(session)))) / 1000 }
  })
}

const folder = mkdtempSync(join(tmpdir(), 'convzoo-products-'))
const products = []
try {
  for (const layer of layers) {
    const { operations } = sizesOf(layer)
    for (const { kind, ms } of await timesOf(layer, folder)) {
      const gigaflopsPerSecond = Math.round(operations / ms / 1e6)
      products.push({ layer: layer.name, product: kind, ms, gigaflopsPerSecond })
      console.log(`${layer.name.padEnd(7)} ${kind.padEnd(16)} ${ms.toFixed(3)} ms, ${gigaflopsPerSecond} GFLOP/s`)
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
console.log(JSON.stringify(products))
