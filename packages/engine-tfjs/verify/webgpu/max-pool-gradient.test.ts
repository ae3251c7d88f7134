import { describe, expect, it } from 'vitest'
import { expectAsInterpreted, graphOf, onGpu, waves } from './kernels.js'

const none = { top: 0, bottom: 0, left: 0, right: 0 }

describe("max-pool's gradient on WebGPU", () => {
  it('goes to the first of equal maxima in row-major order', async () => {
    const graph = graphOf([1, 4, 4, 1], [1, 2, 2, 1], (ops, x, dy) =>
      ops.maxPool2dGradient(x, dy, { size: [2, 2], strides: [2, 2], padding: none }),
    )
    const x = Float32Array.of(5, 5, 1, 2, 5, 5, 2, 2, 0, 7, 3, 3, 7, 7, 3, 3)
    expect(Array.from(await onGpu(graph, [x, Float32Array.of(1, 2, 3, 4)]))).toEqual([
      1, 0, 0, 2, 0, 0, 0, 0, 0, 3, 4, 0, 0, 0, 0, 0,
    ])
  })

  it.each([
    { size: [3, 3], strides: [2, 2], padding: none, image: [13, 11], output: [6, 5] },
    { size: [2, 2], strides: [3, 3], padding: none, image: [8, 9], output: [3, 3] },
    { size: [3, 2], strides: [1, 2], padding: { top: 1, bottom: 1, left: 0, right: 1 }, image: [6, 7], output: [6, 4] },
  ] as const)('adds up where windows overlap: %j', async ({ image, output, ...pool }) => {
    const shapes = { x: [2, ...image, 5], dy: [2, ...output, 5] }
    const graph = graphOf(shapes.x, shapes.dy, (ops, x, dy) => ops.maxPool2dGradient(x, dy, pool))
    // Whole numbers: many are equal.
    const x = waves(shapes.x).map((value) => Math.round(2 * value))
    await expectAsInterpreted(graph, [x, waves(shapes.dy, 1)])
  })
})
