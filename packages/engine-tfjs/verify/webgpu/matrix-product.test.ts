import type { Shape } from '@convzoo/core'
import { describe, expect, it } from 'vitest'
import { fused } from '../../src/webgpu/fusion.js'
import { expectAsInterpreted, graphOf, graphOfAll, waves } from './kernels.js'

const sizes = [
  { title: 'one element', rows: 1, inner: 1, columns: 1 },
  { title: 'more rows and columns than a tile, none a multiple of it', rows: 70, inner: 19, columns: 131 },
  { title: 'a sum of one product', rows: 68, inner: 1, columns: 72 },
  { title: 'a sum of eight products', rows: 67, inner: 8, columns: 72 },
  { title: 'vectors of four', rows: 68, inner: 20, columns: 132 },
  { title: 'so few tiles that the sum falls into parts', rows: 70, inner: 1030, columns: 90 },
  { title: 'a sum that falls into parts', rows: 3, inner: 16_400, columns: 5 },
]
const transposed = [false, true].flatMap((transposeA) =>
  [false, true].map((transposeB) => ({ transposeA, transposeB })),
)

const sides = (
  { rows, inner, columns }: (typeof sizes)[number],
  { transposeA, transposeB }: (typeof transposed)[number],
) => ({
  a: transposeA ? [inner, rows] : [rows, inner],
  b: transposeB ? [columns, inner] : [inner, columns],
})

describe.each(sizes)('on WebGPU, with $title,', (size) => {
  it.each(transposed)('a matrix product is what the interpreter computes: %j', async (how) => {
    const { a, b } = sides(size, how)
    const graph = graphOf(a, b, (ops, x, y) => ops.matMul(x, y, how))
    await expectAsInterpreted(graph, [waves(a), waves(b, 1)])
  })

  it('bias and activation are in its shader, and the result is the same', async () => {
    const shapes: Shape[] = [[size.rows, size.inner], [size.inner, size.columns], [size.columns]]
    const graph = graphOfAll(shapes, (ops, x) => ops.relu(ops.add(ops.matMul(x(0), x(1)), x(2))))
    expect([...fused(graph).values()].map(({ inner }) => inner.length)).toEqual([2])
    await expectAsInterpreted(graph, [
      waves([size.rows, size.inner]),
      waves([size.inner, size.columns], 1),
      new Float32Array(size.columns).fill(0.5),
    ])
  })
})

/** Each takes a tile of another form. */
const narrow = [
  { rows: 2, inner: 5, columns: 9 },
  { rows: 7, inner: 33, columns: 30 },
  { rows: 13, inner: 16, columns: 70 },
  { rows: 30, inner: 1, columns: 17 },
]

it.each(narrow)('on WebGPU a narrow product is what the interpreter computes: %j', async ({ rows, inner, columns }) => {
  const graph = graphOf([rows, inner], [columns, inner], (ops, a, b) => ops.matMul(a, b, { transposeB: true }))
  await expectAsInterpreted(graph, [waves([rows, inner]), waves([columns, inner], 1)])
})

describe("a dense layer's kernel on WebGPU", () => {
  it('is moved in the shader that computes its gradient', async () => {
    const shapes: Shape[] = [[8, 70], [8, 33], [70, 33], []]
    const graph = graphOfAll(shapes, (ops, x) =>
      ops.subtract(x(2), ops.multiply(ops.matMul(x(0), x(1), { transposeA: true }), x(3))),
    )
    expect([...fused(graph).values()].map(({ inner }) => inner.length)).toEqual([2])
    await expectAsInterpreted(
      graph,
      shapes.map((shape, index) => waves(shape, index)),
    )
  })
})
