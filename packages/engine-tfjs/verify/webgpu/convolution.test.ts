import type { Pair, Shape } from '@convzoo/core'
import { type ConvolutionAttributes, dilatedSize } from '@convzoo/core/engine'
import { describe, expect, it } from 'vitest'
import { fused } from '../../src/webgpu/fusion.js'
import { expectAsInterpreted, graphOf, graphOfAll, waves } from './kernels.js'

interface Case extends ConvolutionAttributes {
  readonly title: string
  readonly x: Shape
  readonly kernel: Shape
}

const none = { top: 0, bottom: 0, left: 0, right: 0 }
const plain = { strides: [1, 1], padding: none, dilations: [1, 1], groups: 1 } as const

const cases: readonly Case[] = [
  {
    ...plain,
    title: 'more rows and columns than a tile, none a multiple of it',
    x: [1, 9, 9, 5],
    kernel: [1, 1, 5, 70],
  },
  {
    ...plain,
    title: 'more filters than two tiles, a longer sum than a strip',
    x: [1, 4, 5, 20],
    kernel: [2, 2, 20, 130],
  },
  {
    ...plain,
    title: 'strides, an uneven border, dilations and groups together',
    ...{ strides: [2, 3], padding: { top: 2, bottom: 1, left: 0, right: 3 }, dilations: [2, 1], groups: 2 },
    x: [3, 11, 12, 6],
    kernel: [3, 2, 3, 8],
  },
  { ...plain, title: "the first layer's strides", strides: [4, 4], x: [1, 35, 35, 3], kernel: [11, 11, 3, 10] },
  {
    ...plain,
    title: 'large groups of channels, none a multiple of 4, and strides',
    ...{ strides: [2, 1], padding: { top: 1, bottom: 1, left: 0, right: 0 }, groups: 2 },
    x: [1, 20, 21, 78],
    kernel: [3, 1, 39, 74],
  },
  {
    ...plain,
    title: 'large groups of channels, multiples of 4, and strides',
    ...{ strides: [2, 2], padding: { top: 1, bottom: 1, left: 1, right: 1 }, groups: 2 },
    x: [2, 14, 14, 96],
    kernel: [3, 3, 48, 128],
  },
  { ...plain, title: 'a sum so long that it falls into parts', x: [2, 93, 93, 1], kernel: [3, 3, 1, 2] },
]

const outputOf = ({ x, kernel, strides, padding, dilations }: Case): Shape => {
  const [n = 1, height = 1, width = 1] = x
  const [kh = 1, kw = 1, , filters = 1] = kernel
  const rows = height + padding.top + padding.bottom - dilatedSize(kh, dilations[0])
  const columns = width + padding.left + padding.right - dilatedSize(kw, dilations[1])
  return [n, Math.floor(rows / strides[0]) + 1, Math.floor(columns / strides[1]) + 1, filters]
}

const pairAt = (shape: Shape, axis: number): Pair => [shape[axis] ?? 1, shape[axis + 1] ?? 1]

describe.each(cases)('on WebGPU, with $title,', (given) => {
  const { title: _, x, kernel, ...attributes } = given
  const dy = outputOf(given)

  it('a convolution is what the interpreter computes', async () => {
    const graph = graphOf(x, kernel, (ops, a, b) => ops.conv2d(a, b, attributes))
    await expectAsInterpreted(graph, [waves(x), waves(kernel, 1)])
  })

  it('bias and activation are in its shader, and the result is the same', async () => {
    const filters: Shape = [kernel[3] ?? 1]
    const graph = graphOfAll([x, kernel, filters], (ops, at) =>
      ops.relu(ops.add(ops.conv2d(at(0), at(1), attributes), at(2))),
    )
    expect([...fused(graph).values()].map(({ inner }) => inner.length)).toEqual([2])
    await expectAsInterpreted(graph, [waves(x), waves(kernel, 1), waves(filters, 2)])
  })

  it("its input's gradient is, with that of the activation before it", async () => {
    const more = { ...attributes, imageSize: pairAt(x, 1) }
    const graph = graphOfAll([dy, kernel, x], (ops, at) =>
      ops.select(ops.greater(at(2), 0), ops.conv2dInputGradient(at(0), at(1), more), 0),
    )
    expect([...fused(graph).values()].map(({ inner }) => inner.length)).toEqual([2])
    await expectAsInterpreted(graph, [waves(dy), waves(kernel, 1), waves(x, 2)])
  })

  it("its input's gradient is", async () => {
    const more = { ...attributes, imageSize: pairAt(x, 1) }
    const graph = graphOf(dy, kernel, (ops, a, b) => ops.conv2dInputGradient(a, b, more))
    await expectAsInterpreted(graph, [waves(dy), waves(kernel, 1)])
  })

  it("its kernel's gradient is", async () => {
    const more = { ...attributes, kernelSize: pairAt(kernel, 0) }
    const graph = graphOf(x, dy, (ops, a, b) => ops.conv2dKernelGradient(a, b, more))
    await expectAsInterpreted(graph, [waves(x), waves(dy, 1)])
  })
})
