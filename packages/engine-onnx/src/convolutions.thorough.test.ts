import type { Pair, Shape } from '@convzoo/core'
import { sizeOf } from '@convzoo/core/define'
import {
  axisLength,
  type ConvolutionAttributes,
  convolutionSize,
  fillUniform,
  type Graph,
  GraphBuilder,
  interpret,
  opsFor,
  seedWords,
  streamKey,
} from '@convzoo/core/engine'
import { onnx } from '@convzoo/engine-onnx'
import { describe, expect, it } from 'vitest'
import { convolutionsInTiles, same } from '../../../tools/convolutions-in-tiles.js'

describe('convolutions in tiles', () => {
  it.each(convolutionsInTiles)(
    '$title: as the float64 interpreter, and twice the same bytes',
    async ({ shape, taps, filters, attributes }) => {
      const { all, predict, inputs } = convolutionAndGradients(shape, taps, filters, attributes)
      const executable = await onnx({ device: 'cpu' }).compile({ state: [], functions: { all, predict } })
      try {
        for (const graph of [all, predict]) {
          const given = Object.fromEntries(graph.inputs.map(({ name }) => [name, inputs[name] ?? new Float32Array()]))
          const got = await executable.run(graph.name, given)
          expect(await executable.run(graph.name, given)).toEqual(got)
          for (const [name, { data }] of Object.entries(interpret(graph, { inputs: given }).outputs)) {
            if (name === 'passes') continue
            const wanted = Array.from(data)
            const worst = largest(wanted.map((value, index) => value - (got[name]?.[index] ?? Number.NaN)))
            expect(worst / largest(wanted), `${name} of ${graph.name}`).toBeLessThan(
              name === 'y' && graph === all ? 2e-6 : 2e-5,
            )
          }
        }
      } finally {
        await executable.dispose()
      }
    },
  )
})

describe('a convolution of 1024 channels in as many groups', () => {
  it('compiles and runs, and so do its gradients', async () => {
    const { all: graph } = convolutionAndGradients([2, 7, 6, 1024], 3, 1024, { ...same(3), groups: 1024 })
    const executable = await onnx({ device: 'cpu' }).compile({ state: [], functions: { all: graph } })
    try {
      const ones = graph.inputs.map(({ name, shape }) => [name, new Float32Array(sizeOf(shape)).fill(1)])
      const { y, dx, dk } = await executable.run('all', Object.fromEntries(ones))
      // Each corner of an image is in reach of 2 × 2 taps; the corner tap sees 6 × 5 cells of both samples.
      expect([y?.[0], dx?.[0], dk?.[0]]).toEqual([4, 4, 2 * 6 * 5])
    } finally {
      await executable.dispose()
    }
  })
})

const largest = (values: readonly number[]): number =>
  values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)

/** A convolution by which it is decided what passes, with its gradients; one by which nothing is decided; and numbers for them. */
function convolutionAndGradients(x: Shape, taps: number, filters: number, attributes: ConvolutionAttributes) {
  const imageSize: Pair = [axisLength(x, 1), axisLength(x, 2)]
  const output = convolutionSize(imageSize, [taps, taps], attributes)
  const shapes = {
    x,
    kernel: [taps, taps, axisLength(x, 3) / attributes.groups, filters],
    dy: [axisLength(x, 0), ...output, filters],
  } satisfies Record<string, Shape>
  const builder = new GraphBuilder()
  const ops = opsFor(builder)
  const given = (name: keyof typeof shapes) => builder.input(name, { shape: shapes[name], dtype: 'float32' })
  const [image, kernel, dy] = [given('x'), given('kernel'), given('dy')]
  const y = ops.conv2d(image, kernel, attributes)
  builder.output('y', y)
  builder.output('passes', ops.greater(y, 0))
  builder.output('dx', ops.conv2dInputGradient(dy, kernel, { ...attributes, imageSize }))
  builder.output('dk', ops.conv2dKernelGradient(image, dy, { ...attributes, kernelSize: [taps, taps] }))
  const all: Graph = builder.finish('all')
  const alone = new GraphBuilder()
  const fresh = (name: 'x' | 'kernel') => alone.input(name, { shape: shapes[name], dtype: 'float32' })
  alone.output('y', opsFor(alone).conv2d(fresh('x'), fresh('kernel'), attributes))
  const predict: Graph = alone.finish('predict')
  const inputs = Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => {
      const data = new Float32Array(sizeOf(shape))
      fillUniform(streamKey(seedWords(1), name), 0, data)
      return [name, data.map((value) => 2 * value - 1)]
    }),
  )
  return { all, predict, inputs }
}
