import type { Shape } from '@convzoo/core'
import { describe, expect, it } from 'vitest'
import { blockOf, columnSums } from '../../src/webgpu/kernels/column-sums.js'
import { expectAsInterpreted, graphOfAll, onGpu, waves } from './kernels.js'

const cases: readonly { readonly shape: Shape; readonly axes: readonly number[]; readonly passes: number }[] = [
  // All: one element, fewer than threads, some slabs whose last one is short, and most of them.
  { shape: [1], axes: [0], passes: 1 },
  { shape: [17, 3], axes: [0, 1], passes: 1 },
  { shape: [5, 2053], axes: [0, 1], passes: 2 },
  { shape: [9, 1021, 1019], axes: [0, 1, 2], passes: 2 },
  // Columns: fewer than a workgroup has, as many, one more, an odd number over many rows.
  { shape: [7, 1, 5, 3], axes: [0, 1, 2], passes: 1 },
  { shape: [3, 32], axes: [0], passes: 1 },
  { shape: [130, 33], axes: [0], passes: 2 },
  { shape: [6, 55, 55, 97], axes: [0, 1, 2], passes: 2 },
  { shape: [2, 132_000], axes: [0], passes: 1 },
  // Axes in the middle.
  { shape: [4, 13, 31, 10], axes: [1, 2], passes: 2 },
  { shape: [3, 2, 5], axes: [1], passes: 1 },
]

describe('sums over neighbouring axes on WebGPU', () => {
  it.each(cases)('of $shape over $axes are what the interpreter adds', async ({ shape, axes, passes }) => {
    const block = blockOf(axes, shape)
    expect(block !== undefined && columnSums(block, []).length).toBe(passes)
    const all = waves(shape).map((value) => value + 0.25)
    for (const keepDimensions of [false, true]) {
      await expectAsInterpreted(
        graphOfAll([shape], (ops, x) => ops.sum(x(0), { axes, keepDimensions })),
        [all],
      )
    }
  })

  it('over axes that are apart are those of TensorFlow.js', async () => {
    expect(blockOf([0, 2], [3, 4, 5])).toBeUndefined()
    await expectAsInterpreted(
      graphOfAll([[3, 4, 5]], (ops, x) => ops.sum(x(0), { axes: [0, 2] })),
      [waves([3, 4, 5])],
    )
  })

  it('carry NaN and infinities, and none from beyond their end', async () => {
    const numbers = waves([300, 3])
    numbers[3 * 299] = Number.NaN
    numbers[3 * 255 + 1] = Number.POSITIVE_INFINITY
    const graph = graphOfAll([[300, 3]], (ops, x) => ops.sum(x(0), { axes: [0] }))
    expect(Array.from(await onGpu(graph, [numbers])).map(Number.isFinite)).toEqual([false, false, true])
  })

  it('are the same bit for bit each time', async () => {
    const shape: Shape = [2, 55, 55, 40]
    const graph = graphOfAll([shape], (ops, x) => ops.sum(x(0), { axes: [0, 1, 2] }))
    const first = await onGpu(graph, [waves(shape)])
    expect(await onGpu(graph, [waves(shape)])).toEqual(first)
  })
})
