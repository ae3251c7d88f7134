import {
  adamW,
  categoricalCrossentropy,
  conv2d,
  dense,
  flatten,
  functionalModel,
  input,
  maxPool2d,
  sgdw,
} from '@convzoo/core'
import { createProgram } from '@convzoo/core/engine'
import { toOnnx } from '@convzoo/onnx'
import { expect, it } from 'vitest'
import { loadKoffi } from '../src/capi/koffi.js'
import { compileSource } from '../src/kernels/compiled.js'
import { elementwiseSource } from '../src/kernels/elementwise.js'
import { openCompiler } from '../src/kernels/libraries.js'
import { sourceOf } from '../src/kernels/source.js'

// CUDA's compiler takes no GPU: what it refuses here it would refuse there.
const compiler = openCompiler(await loadKoffi(), process.env.CONVZOO_NVRTC ?? '')

const images = input({ shape: [8, 8, 3] })
const first = maxPool2d({ poolSize: 2 })(conv2d({ filters: 4, kernelSize: 3, activation: 'relu' })(images))
const model = functionalModel({ inputs: images, output: dense({ units: 3, activation: 'softmax' })(flatten()(first)) })

/** The sources of what becomes of weights, by each of some optimizers. */
function updates(): readonly string[] {
  const texts = [sgdw({ weightDecay: 0.1, momentum: 0.9, nesterov: true }), adamW({ weightDecay: 0.1 })].flatMap(
    (optimizer) => {
      const batchSizes = { train: [2], accumulate: [2] }
      const how = { average: { decay: 0.99 }, accumulation: true, batchSizes }
      const { functions } = createProgram({ model, optimizer, loss: categoricalCrossentropy(), ...how })
      return Object.values(functions).flatMap((graph) =>
        toOnnx(graph, { target: 'gpu', ownOperators: true }).operators.flatMap((operator) =>
          operator.kind === 'elementwise' ? [elementwiseSource(operator)] : [],
        ),
      )
    },
  )
  return [...new Set(texts)]
}

it.each(['75', '90', '120'])('compiles every kernel for GPUs of compute capability %s', (kind) => {
  const texts = [sourceOf('unsigned'), sourceOf('unsigned long long'), ...updates()]
  expect(texts.length).toBeGreaterThan(2)
  for (const text of texts) expect(compileSource({ compiler }, text, kind).length).toBeGreaterThan(1000)
})

it('says what the compiler says of a kernel that is none', () => {
  expect(() => compileSource({ compiler }, 'extern "C" __global__ void one() { two; }', '90')).toThrow(
    '"two" is undefined',
  )
})
