import { alexnet } from '@convzoo/alexnet'
import { alexnetTwoTower } from '@convzoo/alexnet-twotower'
import { type Architecture, categoricalCrossentropy, createModel } from '@convzoo/core'
import {
  createProgram,
  fillUniform,
  functionName,
  initialState,
  interpret,
  seedWords,
  streamKey,
} from '@convzoo/core/engine'
import { onnx } from '@convzoo/engine-onnx'
import { nin } from '@convzoo/nin'
import { zfnet } from '@convzoo/zfnet'
import { describe, expect, it } from 'vitest'

const batchSize = 2
const input = [115, 115, 3] as const
const classes = 10

/** How far the kernel before the probabilities is widened, so that they are neither all alike nor all 0 or 1. */
const gains: readonly (readonly [string, Architecture, number])[] = [
  ['alexnet', alexnet, 4],
  ['alexnet-twotower', alexnetTwoTower, 4],
  ['zfnet', zfnet, 1],
  ['nin', nin, 40],
]

describe('probabilities on the CPU', () => {
  it.each(gains)(
    'of %s are those of the float64 interpreter within 1e-5',
    async (_, architecture, gain) => {
      const model = createModel(architecture, { input, classes })
      const program = createProgram({ model, loss: categoricalCrossentropy(), batchSizes: { predict: [batchSize] } })
      const tensors = [...initialState(program, 1)]
      const last = tensors.filter(({ name }) => name.endsWith('/kernel')).at(-1)
      last?.data.forEach((weight, index) => {
        last.data[index] = gain * weight
      })
      const images = new Float32Array(batchSize * input[0] * input[1] * input[2])
      fillUniform(streamKey(seedWords(1), 'images'), 0, images)

      const name = functionName('predict', batchSize)
      const graph = program.functions[name]
      if (graph === undefined) throw new Error('The program lacks its function.')
      const state = new Map(tensors.map((tensor) => [tensor.name, tensor.data]))
      const [exact] = Object.values(interpret(graph, { inputs: { images }, state }).outputs)
      const wanted = Array.from(exact?.data ?? [])
      expect(Math.max(...wanted)).toBeGreaterThan(0.2)
      expect(Math.max(...wanted)).toBeLessThan(0.99)

      const executable = await onnx({ device: 'cpu' }).compile(program)
      try {
        await executable.writeState(tensors)
        const [found] = Object.values(await executable.run(name, { images }))
        wanted.forEach((probability, index) => {
          expect(Math.abs((found?.[index] ?? Number.NaN) - probability)).toBeLessThan(1e-5)
        })
      } finally {
        await executable.dispose()
      }
    },
    300_000,
  )
})
