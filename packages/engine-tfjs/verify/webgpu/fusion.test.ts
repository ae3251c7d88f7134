import type { Shape } from '@convzoo/core'
import { interpret } from '@convzoo/core/engine'
import { describe, expect, it } from 'vitest'
import { fused } from '../../src/webgpu/fusion.js'
import { graphOfAll, onGpu, waves } from './kernels.js'

const cases: readonly { title: string; shapes: readonly Shape[]; build: Parameters<typeof graphOfAll>[1] }[] = [
  {
    title: 'an update with scalars from outside and constants',
    shapes: [[37, 5], [37, 5], [37, 5], [], []],
    build: (ops, x) =>
      ops.add(
        ops.subtract(x(0), ops.multiply(x(0), x(3))),
        ops.subtract(ops.multiply(x(1), 0.9), ops.multiply(ops.divide(x(2), 32), x(4))),
      ),
  },
  {
    title: 'broadcast of every kind',
    shapes: [[2, 3, 4, 5], [5], [3, 1, 1], [2, 1, 4, 1], [1, 1, 1, 1]],
    build: (ops, x) =>
      ops.maximum(ops.add(ops.multiply(x(0), x(1)), x(2)), ops.subtract(ops.minimum(x(3), x(0)), ops.negate(x(4)))),
  },
  {
    title: 'choices, whose condition is of another shape',
    shapes: [[4, 1], [4, 6], [6]],
    build: (ops, x) =>
      ops.select(ops.and(ops.greater(x(0), 0), ops.not(ops.greaterOrEqual(x(0), 0.5))), ops.relu(x(1)), x(2)),
  },
  {
    title: 'roots and what is finite',
    shapes: [[130], [130]],
    build: (ops, x) =>
      ops.select(ops.isFinite(ops.divide(x(0), x(1))), ops.sqrt(ops.multiply(x(0), x(0))), ops.add(x(1), 1e-7)),
  },
]

describe('elements of several nodes in one shader', () => {
  it.each(cases)('are what the interpreter computes: $title', async ({ shapes, build }) => {
    const graph = graphOfAll(shapes, build)
    expect(fused(graph).size).toBeGreaterThan(0)
    const inputs = shapes.map((shape, index) => waves(shape, index))
    // A zero to divide by.
    const zeroed = inputs.map((data, index) => (index === 1 && data.length === 130 ? data.fill(0, 3, 7) : data))
    const named = Object.fromEntries(zeroed.map((data, index) => [`x${index}`, data]))
    const wanted = interpret(graph, { inputs: named, state: new Map() }).outputs.y?.data ?? []
    const got = await onGpu(graph, zeroed)
    expect(got.length).toBe(wanted.length)
    for (let index = 0; index < wanted.length; index++) expect(got[index]).toBeCloseTo(wanted[index] ?? Number.NaN, 5)
  })

  it('carry NaN through, and tell infinities', async () => {
    const graph = graphOfAll([[4], [4]], (ops, x) =>
      ops.maximum(ops.relu(ops.add(x(0), x(1))), ops.minimum(x(0), x(1))),
    )
    const [x, y] = [Float32Array.of(Number.NaN, 1, -1, 2), Float32Array.of(1, Number.NaN, 1, Number.POSITIVE_INFINITY)]
    expect(Array.from(await onGpu(graph, [x, y]))).toEqual([Number.NaN, Number.NaN, 0, Number.POSITIVE_INFINITY])
  })
})
