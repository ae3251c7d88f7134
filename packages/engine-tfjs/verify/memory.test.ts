import {
  categoricalCrossentropy,
  conv2d,
  dense,
  dropout,
  flatten,
  functionalModel,
  input,
  maxPool2d,
  sgdw,
} from '@convzoo/core'
import { createProgram, initialState, seedWords } from '@convzoo/core/engine'
import { describe, expect, it } from 'vitest'
import { TensorFunction } from '../src/interpreter/function.js'
import { TensorState } from '../src/interpreter/state.js'
import { findNative, type NativeDevice } from '../src/native/packages.js'
import { loadRuntime } from '../src/runtime/load.js'
import { findWebgpu } from '../src/webgpu/package.js'
import { project } from './project.js'

const batchSize = 32
const images = input({ shape: [28, 28, 1] })
// Little arithmetic for the bytes of a batch: a GPU in software makes a thousand steps too.
let x = maxPool2d({ poolSize: 4, strides: 4 })(images)
x = conv2d({ filters: 16, kernelSize: 3, padding: 'same', activation: 'relu' })(x)
x = maxPool2d({ poolSize: 2, strides: 2 })(x)
x = dropout({ rate: 0.5 })(dense({ units: 32, activation: 'relu' })(flatten()(x)))
const program = createProgram({
  model: functionalModel({ inputs: images, output: dense({ units: 10, activation: 'softmax' })(x) }),
  loss: categoricalCrossentropy(),
  optimizer: sgdw({ weightDecay: 5e-4, momentum: 0.9 }),
  batchSizes: { train: [batchSize] },
})

const batch = (step: number) => ({
  images: new Float32Array(batchSize * 28 * 28).map((_, index) => Math.sin(index + step)),
  targets: new Float32Array(batchSize * 10).map((_, index) => (index % 10 === step % 10 ? 1 : 0)),
  sampleIndices: Uint32Array.from({ length: batchSize }, (_, index) => step * batchSize + index),
  seed: Uint32Array.from(seedWords(1)),
  step: Uint32Array.of(step),
  learningRate: Float32Array.of(0.01),
  weightDecay: Float32Array.of(5e-4),
})

/**
 * How many bytes more may be resident at the end. JavaScript's own heap moves by some 20 MiB before it is collected, and no more after five
 * thousand steps; a batch that stayed at each step would be 86.
 */
const room = 30 * 2 ** 20

const device = (process.env.CONVZOO_TFJS_DEVICE ?? 'cuda') as NativeDevice | 'webgpu'

describe(`memory over a thousand steps on ${device}`, () => {
  it('holds the same number of tensors, and no more of the machine than after a hundred', async () => {
    const source = device === 'webgpu' ? findWebgpu(project) : findNative(device, project)
    if (source === undefined) throw new Error(`${device} is not installed in ${project}.`)
    const { kernels } = await loadRuntime(source)
    const state = new TensorState(kernels, program.state)
    for (const { name, data } of initialState(program, 1)) state.stage(name, data)
    state.commitStaged()
    const graph = program.functions[`train/${batchSize}`]
    if (graph === undefined) throw new Error('The program does not train.')
    const train = new TensorFunction(kernels, graph, state)
    const tensors = new Set<number>()
    /** Bytes of buffers, and of those that wait to be used again; a native backend tells nothing of them. */
    const buffers = new Set<string>()
    const resident: number[] = []
    for (let step = 1; step <= 1000; step++) {
      expect((await train.run(batch(step))).finite?.[0]).toBe(1)
      const memory = kernels.tensorflow.memory()
      tensors.add(memory.numTensors)
      // The first step uploads the state.
      if (step > 1)
        buffers.add(`${Reflect.get(memory, 'numBytesInGPU')} of ${Reflect.get(memory, 'numBytesAllocatedInGPU')}`)
      if (step % 100 === 0) resident.push(process.memoryUsage().rss)
    }
    const [hundred = 0, thousand = Number.POSITIVE_INFINITY] = [resident[0], resident.at(-1)]
    const megabytes = resident.map((bytes) => Math.round(bytes / 2 ** 20)).join(', ')
    console.log(
      `${device}: ${[...tensors].join(', ')} tensors; bytes of the GPU: ${[...buffers].join(', ')}; MiB resident after each hundred steps: ${megabytes}`,
    )
    expect(tensors.size).toBe(1)
    expect(buffers.size).toBe(1)
    expect(thousand - hundred).toBeLessThanOrEqual(room)
  }, 1_800_000)
})
