import {
  axisLength,
  type ConvolutionAttributes,
  convolutionSize,
  fillUniform,
  type Graph,
  GraphBuilder,
  opsFor,
  type Pair,
  type Shape,
  seedWords,
  sizeOf,
  streamKey,
} from '@convzoo/core'
import { interpret } from '@convzoo/core/interpreter'
import { onnx } from '@convzoo/engine-onnx'
import { describe, expect, it } from 'vitest'
import { tilingFor } from './winograd.js'

const same = (taps: number): ConvolutionAttributes => {
  const before = Math.floor((taps - 1) / 2)
  const after = taps - 1 - before
  return {
    strides: [1, 1],
    dilations: [1, 1],
    groups: 1,
    padding: { top: before, left: before, bottom: after, right: after },
  }
}

describe('tilingFor', () => {
  const tile = (taps: number, channels: number, filters: number, side: number, attributes = same(taps)) =>
    (['output', 'inputGradient', 'kernelGradient'] as const).map(
      (purpose) => tilingFor(purpose, [taps, taps, channels, filters], [32, side, side, filters], attributes)?.outputs,
    )

  it('filters in tiles where channels are many, gradients in larger ones', () => {
    expect(tile(3, 384, 384, 13)).toEqual([2, 5, 5])
    expect(tile(3, 384, 384, 3)).toEqual([2, 3, 3])
    expect(tile(5, 96, 256, 27)).toEqual([undefined, 3, 3])
  })

  it('leaves to the plain convolution what has few channels, strides, dilations, groups or one tap', () => {
    const none = [undefined, undefined, undefined]
    expect(tile(3, 3, 64, 224)).toEqual(none)
    expect(tile(1, 384, 384, 13)).toEqual(none)
    for (const other of [{ strides: [2, 2] }, { dilations: [2, 2] }, { groups: 2 }] as const) {
      expect(tile(3, 384, 384, 13, { ...same(3), ...other })).toEqual(none)
    }
    expect(tilingFor('output', [3, 1, 384, 384], [32, 13, 13, 384], same(3))).toBeUndefined()
  })
})

describe('convolutions in tiles', () => {
  const cases = [
    {
      title: '3×3 in tiles that end beyond the image',
      shape: [6, 13, 11, 96],
      taps: 3,
      filters: 80,
      attributes: same(3),
    },
    { title: '5×5', shape: [4, 9, 10, 64], taps: 5, filters: 48, attributes: same(5) },
    { title: '2×2, more padding after', shape: [6, 12, 12, 128], taps: 2, filters: 128, attributes: same(2) },
    { title: '4×4 without padding', shape: [6, 12, 12, 96], taps: 4, filters: 64, attributes: { ...same(1) } },
    {
      title: '3×3, padded by more than it reaches',
      shape: [6, 10, 9, 96],
      taps: 3,
      filters: 80,
      attributes: { ...same(3), padding: { top: 4, left: 3, bottom: 0, right: 5 } },
    },
  ]

  it.each(cases)(
    '$title: as the float64 interpreter, and twice the same bytes',
    async ({ shape, taps, filters, attributes }) => {
      const { graph, inputs, kernel, dy } = convolutionAndGradients(shape, taps, filters, attributes)
      expect(tilingFor('kernelGradient', kernel, dy, attributes)).toBeDefined()
      const executable = await onnx({ device: 'cpu' }).compile({ state: [], functions: { all: graph } })
      try {
        const got = await executable.run('all', inputs)
        expect(await executable.run('all', inputs)).toEqual(got)
        for (const [name, { data }] of Object.entries(interpret(graph, { inputs }).outputs)) {
          const wanted = Array.from(data)
          const worst = largest(wanted.map((value, index) => value - (got[name]?.[index] ?? Number.NaN)))
          expect(worst / largest(wanted), name).toBeLessThan(name === 'y' ? 2e-6 : 2e-5)
        }
      } finally {
        await executable.dispose()
      }
    },
  )
})

const largest = (values: readonly number[]): number =>
  values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)

/** A convolution, its gradients, and numbers for them. */
function convolutionAndGradients(x: Shape, taps: number, filters: number, attributes: ConvolutionAttributes) {
  const imageSize: Pair = [axisLength(x, 1), axisLength(x, 2)]
  const output = convolutionSize(imageSize, [taps, taps], attributes)
  const shapes = {
    x,
    kernel: [taps, taps, axisLength(x, 3), filters],
    dy: [axisLength(x, 0), ...output, filters],
  } satisfies Record<string, Shape>
  const builder = new GraphBuilder()
  const ops = opsFor(builder)
  const given = (name: keyof typeof shapes) => builder.input(name, { shape: shapes[name], dtype: 'float32' })
  const [image, kernel, dy] = [given('x'), given('kernel'), given('dy')]
  builder.output('y', ops.conv2d(image, kernel, attributes))
  builder.output('dx', ops.conv2dInputGradient(dy, kernel, { ...attributes, imageSize }))
  builder.output('dk', ops.conv2dKernelGradient(image, dy, { ...attributes, kernelSize: [taps, taps] }))
  const graph: Graph = builder.finish('all')
  const inputs = Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => {
      const data = new Float32Array(sizeOf(shape))
      fillUniform(streamKey(seedWords(1), name), 0, data)
      return [name, data.map((value) => 2 * value - 1)]
    }),
  )
  return { graph, inputs, kernel: shapes.kernel, dy: shapes.dy }
}
