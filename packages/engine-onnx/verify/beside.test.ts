import { categoricalCrossentropy, dense, functionalModel, input } from '@convzoo/core'
import { createProgram } from '@convzoo/core/engine'
import { describeEngine } from '@convzoo/plugin-kit'
import { beforeAll, expect, it } from 'vitest'
import { compileOn } from '../src/compile.js'
import { findCuda } from '../src/cuda/provider.js'
import { onnx } from '../src/engine.js'
import { rehearsalOn } from '../src/testing/rehearsal.js'
import { project } from './project.js'

// The library of Python's package beside that of onnxruntime-node, in one process: its sessions, on its CPU, by the same binding.
const runtime = await findCuda(project)
if (runtime === undefined) throw new Error(`There is no CUDA provider in ${project}.`)
const { library } = runtime

const images = input({ shape: [6] })
const program = createProgram({
  model: functionalModel({ inputs: images, output: dense({ units: 3, activation: 'softmax' })(images) }),
  loss: categoricalCrossentropy(),
  batchSizes: { predict: [2] },
})
const numbers = { images: Float32Array.from({ length: 12 }, (_, index) => Math.sin(index)) }

let own: Float32Array | Uint8Array | undefined
beforeAll(async () => {
  // That of onnxruntime-node is loaded first, and stays.
  const executable = await onnx().compile(program)
  own = (await executable.run('predict/2', numbers)).probabilities
})

it('gives what the library of onnxruntime-node gives', async () => {
  const beside = await compileOn(program, 'beside', { device: 'rehearsal', threads: 1, library })
  const { probabilities } = await beside.run('predict/2', numbers)
  await beside.dispose()
  expect(probabilities).toEqual(own)
})

describeEngine("onnx as for a GPU, on the CPU of Python's package", { create: () => rehearsalOn({ library })() })
