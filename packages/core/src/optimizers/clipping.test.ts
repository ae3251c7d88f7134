import { describe, expect, it } from 'vitest'
import { trace } from '../testing/evaluate.js'
import { type Clipping, clip } from './clipping.js'

/** The gradients [3, −4] and [12] within the bounds. */
function clipped(clipping: Clipping): number[][] {
  return trace([{ shape: [2] }, { shape: [1] }], (ops, gradients) => clip(ops, gradients, clipping))
    .run([[3, -4], [12]])
    .map(({ data }) => [...data])
}

function expectClose(received: readonly number[][], expected: readonly number[][]): void {
  expect(received.map(({ length }) => length)).toEqual(expected.map(({ length }) => length))
  for (const [index, numbers] of expected.entries()) {
    for (const [place, number] of numbers.entries()) expect(received[index]?.[place]).toBeCloseTo(number, 12)
  }
}

describe('clip', () => {
  it('leaves gradients alone without bounds and within bounds', () => {
    expect(clipped({})).toEqual([[3, -4], [12]])
    expect(clipped({ value: 12, norm: 12, globalNorm: 13 })).toEqual([[3, -4], [12]])
  })

  it('by value moves each element to the nearest bound', () => {
    expect(clipped({ value: 3.5 })).toEqual([[3, -3.5], [3.5]])
  })

  it('by norm scales each weight on its own', () => {
    expectClose(clipped({ norm: 6 }), [[3, -4], [6]]) // norms 5 and 12
  })

  it('by global norm scales all alike', () => {
    expectClose(clipped({ globalNorm: 6.5 }), [[1.5, -2], [6]]) // √(9 + 16 + 144) = 13
  })

  it('goes by value, then by norm, then by global norm', () => {
    // By value [3, −3] and [3]; by norm, √18 → 3 and 3 → 3; together √18 → 3. Any other order gives other numbers.
    const part = 3 / Math.SQRT2
    expectClose(clipped({ value: 3, norm: 3 }), [[part, -part], [3]])
    expectClose(clipped({ value: 3, norm: 3, globalNorm: 3 }), [[1.5, -1.5], [part]])
    // By norm [3, −4] and [5], together √50 → 5. The other way round [15/13, −20/13] and [60/13].
    const half = 1 / Math.SQRT2
    expectClose(clipped({ norm: 5, globalNorm: 5 }), [[3 * half, -4 * half], [5 * half]])
  })

  it('of zeros gives zeros', () => {
    const [zero] = trace([{ shape: [2] }], (ops, gradients) => clip(ops, gradients, { norm: 1, globalNorm: 1 })).run([
      [0, 0],
    ])
    expect([...(zero?.data ?? [])]).toEqual([0, 0])
  })
})
