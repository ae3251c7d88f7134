import { describe, expect, it } from 'vitest'
import { GraphBuilder } from './builder.js'
import { interpret } from './interpreter/interpreter.js'
import { type Ops, opsFor } from './ops.js'
import type { Value } from './value.js'

const attributes = {
  strides: [2, 1],
  padding: { top: 1, bottom: 0, left: 0, right: 2 },
  dilations: [1, 1],
  groups: 1,
} as const
const border = { top: 2, bottom: 1, left: 3, right: 0 }
const kernel = Float32Array.from({ length: 3 * 2 * 2 * 3 }, (_, at) => Math.cos(at))
const image = Float32Array.from({ length: 2 * 5 * 4 * 2 }, (_, at) => Math.sin(at))

/** The graph of a convolution of what is made of an image [2, 5, 4, 2]. */
function convolved(make: (ops: Ops, x: Value) => Value, channels = 2) {
  const builder = new GraphBuilder()
  const ops = opsFor(builder)
  const x = make(ops, builder.input('x', { shape: [2, 5, 4, 2], dtype: 'float32' }))
  const weights = builder.input('kernel', { shape: [3, 2, channels, 3], dtype: 'float32' })
  builder.output('y', ops.conv2d(x, weights, attributes))
  return builder.finish('convolve')
}

const run = (graph: ReturnType<typeof convolved>) => interpret(graph, { inputs: { x: image, kernel } }).outputs

describe('a convolution of an image with a border of zeros', () => {
  it('pads by as much more itself, and is the same', () => {
    const graph = convolved((ops, x) => ops.padImage(x, border))
    const [convolution, ...others] = graph.nodes.filter(({ primitive }) => primitive !== 'input')
    expect(others).toEqual([])
    expect(convolution?.attributes).toEqual({ ...attributes, padding: { top: 3, bottom: 1, left: 3, right: 2 } })
    // Joined to zeros there is no border that could be seen.
    const apart = convolved((ops, x) => {
      const rows = (length: number) => ops.constant(0, [2, length, 4, 2])
      const high = ops.concatenate([rows(border.top), x, rows(border.bottom)], 1)
      return ops.concatenate([ops.constant(0, [2, 8, border.left, 2]), high], 2)
    })
    expect(run(graph)).toEqual(run(apart))
  })

  it('leaves other axes as they are', () => {
    const graph = convolved(
      (ops, x) =>
        ops.pad(x, [
          [0, 0],
          [1, 1],
          [1, 1],
          [0, 1],
        ]),
      3,
    )
    expect(graph.nodes.map(({ primitive }) => primitive)).toContain('pad')
  })
})
