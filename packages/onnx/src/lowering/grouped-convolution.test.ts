import { fromBinary } from '@bufbuild/protobuf'
import type { Pair, Shape } from '@convzoo/core'
import { type ConvolutionAttributes, convolutionSize, type Graph, GraphBuilder, opsFor } from '@convzoo/core/engine'
import { ModelProtoSchema } from 'onnx-buf'
import { describe, expect, it } from 'vitest'
import { toOnnx } from '../to-onnx.js'

const purposes = ['output', 'inputGradient', 'kernelGradient'] as const
type Purpose = (typeof purposes)[number]

const attributes = (groups: number, stride: number): ConvolutionAttributes => ({
  strides: [stride, stride],
  padding: { top: 1, bottom: 1, left: 1, right: 1 },
  dilations: [1, 1],
  groups,
})

/** A 3×3 convolution of 7×6 cells, or a gradient of it, alone in a graph. */
function graphOf(purpose: Purpose, channels: number, filters: number, geometry: ConvolutionAttributes): Graph {
  const builder = new GraphBuilder()
  const ops = opsFor(builder)
  const given = (name: string, shape: Shape) => builder.input(name, { shape, dtype: 'float32' })
  const taps: Pair = [3, 3]
  const imageSize: Pair = [7, 6]
  const x = given('x', [2, ...imageSize, channels])
  const kernel = given('kernel', [...taps, channels / geometry.groups, filters])
  const dy = given('dy', [2, ...convolutionSize(imageSize, taps, geometry), filters])
  const made = {
    output: () => ops.conv2d(x, kernel, geometry),
    inputGradient: () => ops.conv2dInputGradient(dy, kernel, { ...geometry, imageSize }),
    kernelGradient: () => ops.conv2dKernelGradient(x, dy, { ...geometry, kernelSize: taps }),
  }
  builder.output('made', made[purpose]())
  return builder.finish('one')
}

function operators(graph: Graph): string[] {
  return (fromBinary(ModelProtoSchema, toOnnx(graph).model).graph?.node ?? []).map(({ opType }) => opType)
}

describe.each(purposes)('a convolution in groups: %s', (purpose) => {
  it.each([
    { title: 'depthwise', own: 1, filters: 1 },
    { title: 'depthwise, two filters a channel', own: 1, filters: 2 },
    { title: 'several channels a group', own: 4, filters: 8 },
  ])('$title: takes as many operators for 1024 channels as for two groups', ({ own, filters }) => {
    for (const stride of [1, 2]) {
      const inGroups = (groups: number): string[] =>
        operators(graphOf(purpose, groups * own, groups * filters, attributes(groups, stride)))
      const many = inGroups(1024 / own)
      expect(many).toEqual(inGroups(2))
      expect(many.length).toBeLessThanOrEqual(16)
    }
  })

  it('is one product', () => {
    const products = new Set(['Conv', 'ConvTranspose', 'MatMul', 'Gemm', 'Mul'])
    for (const [channels, filters, groups] of [
      [64, 64, 64],
      [64, 128, 64],
      [64, 32, 8],
    ] as const) {
      const used = operators(graphOf(purpose, channels, filters, attributes(groups, 1)))
      expect(used.filter((operator) => products.has(operator))).toHaveLength(1)
    }
  })
})
