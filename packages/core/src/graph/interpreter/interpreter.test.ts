import { describe, expect, it } from 'vitest'
import { noBorder } from '../../shape.js'
import { evaluate, given, trace } from '../../testing/evaluate.js'
import type { Ops } from '../ops.js'
import type { Value } from '../value.js'

const call =
  <Names extends readonly string[]>(apply: (ops: Ops, ...values: { [K in keyof Names]: Value }) => Value) =>
  (ops: Ops, values: readonly Value[]): Value =>
    apply(ops, ...(values as { [K in keyof Names]: Value }))

const one = call<['x']>
const two = call<['a', 'b']>
const plain = { strides: [1, 1], padding: noBorder, dilations: [1, 1], groups: 1 } as const

describe('convolution', () => {
  const counted = (from: number, count: number) => Array.from({ length: count }, (_, index) => from + index)

  it('is a cross-correlation: the kernel is not flipped', () => {
    const x = given([1, 2, 3, 1], [1, 2, 3, 4, 5, 6])
    const kernel = given([2, 2, 1, 1], [1, 10, 100, 1000])
    // 1 + 20 + 400 + 5000, 2 + 30 + 500 + 6000
    expect(
      evaluate(
        [x, kernel],
        two((ops, a, b) => ops.conv2d(a, b, plain)),
      ),
    ).toEqual([5421, 6532])
  })

  it('pads with zeros, on each side as told', () => {
    const x = given([1, 1, 2, 1], [3, 5])
    const kernel = given([1, 3, 1, 1], [1, 10, 100])
    const padding = { top: 0, bottom: 0, left: 2, right: 1 }
    // columns 0 0 3 5 0
    expect(
      evaluate(
        [x, kernel],
        two((ops, a, b) => ops.conv2d(a, b, { ...plain, padding })),
      ),
    ).toEqual([300, 530, 53])
  })

  it('keeps the taps of a dilated kernel apart', () => {
    const x = given([1, 1, 5, 1], [1, 2, 3, 4, 5])
    const kernel = given([1, 2, 1, 1], [1, 10])
    expect(
      evaluate(
        [x, kernel],
        two((ops, a, b) => ops.conv2d(a, b, { ...plain, dilations: [1, 3] })),
      ),
    ).toEqual([41, 52])
  })

  it('sums over channels, and orders filters last', () => {
    const x = given([1, 1, 1, 2], [2, 3])
    const kernel = given([1, 1, 2, 3], [1, 10, 100, 1000, 10000, 100000])
    expect(
      evaluate(
        [x, kernel],
        two((ops, a, b) => ops.conv2d(a, b, plain)),
      ),
    ).toEqual([3002, 30020, 300200])
  })

  it('keeps groups apart: as two convolutions of the halves', () => {
    const x = given([2, 3, 4, 4], counted(-20, 96))
    const kernel = given([2, 2, 2, 6], counted(-17, 48))
    const attributes = { ...plain, strides: [1, 2] } as const
    const grouped = evaluate(
      [x, kernel],
      two((ops, a, b) => ops.conv2d(a, b, { ...attributes, groups: 2 })),
    )
    const halves = evaluate(
      [x, kernel],
      two((ops, a, b) =>
        ops.concatenate(
          [0, 1].map((half) =>
            ops.conv2d(
              ops.slice(a, [0, 0, 0, 2 * half], [2, 3, 4, 2]),
              ops.slice(b, [0, 0, 0, 3 * half], [2, 2, 2, 3]),
              attributes,
            ),
          ),
          -1,
        ),
      ),
    )
    expect(grouped).toHaveLength(2 * 2 * 2 * 6)
    expect(grouped).toEqual(halves)
  })
})

describe('max pooling', () => {
  const pool = { size: [2, 2], strides: [1, 1], padding: noBorder } as const
  const gradient = two((ops, x, dy) => ops.maxPool2dGradient(x, dy, pool))

  it('gives the gradient of equal values to the first in row-major order', () => {
    const flat = given([1, 3, 3, 1], new Array<number>(9).fill(4))
    expect(evaluate([flat, given([1, 2, 2, 1], [1, 2, 3, 4])], gradient)).toEqual([1, 2, 0, 3, 4, 0, 0, 0, 0])
    const x = given([1, 2, 2, 1], [1, 5, 5, 5])
    expect(evaluate([x, given([1, 1, 1, 1], [7])], gradient)).toEqual([0, 7, 0, 0])
  })

  it('adds up the gradients of windows that share their largest value', () => {
    const x = given([1, 3, 3, 1], [0, 0, 0, 0, 9, 0, 0, 0, 0])
    expect(evaluate([x, given([1, 2, 2, 1], [1, 2, 3, 4])], gradient)).toEqual([0, 0, 0, 0, 10, 0, 0, 0, 0])
  })

  it('never lets a padded cell win', () => {
    const x = given([1, 1, 2, 1], [-3, -5])
    const padded = { size: [3, 3], strides: [2, 2], padding: { top: 1, bottom: 1, left: 0, right: 1 } } as const
    expect(
      evaluate(
        [x],
        one((ops, a) => ops.maxPool2d(a, padded)),
      ),
    ).toEqual([-3])
  })

  it('treats channels and samples apart', () => {
    const x = given([2, 1, 2, 2], [1, 8, 2, 7, 3, 6, 4, 5])
    const row = { size: [1, 2], strides: [1, 1], padding: noBorder } as const
    expect(
      evaluate(
        [x],
        one((ops, a) => ops.maxPool2d(a, row)),
      ),
    ).toEqual([2, 8, 4, 6])
  })
})

describe('the other primitives', () => {
  const matrix = given([2, 3], [1, 2, 3, 4, 5, 6])

  it.each<[string, (ops: Ops, x: Value) => Value, number[]]>([
    ['sum over rows', (ops, x) => ops.sum(x, { axes: [0] }), [5, 7, 9]],
    ['sum over columns', (ops, x) => ops.sum(x, { axes: [1], keepDimensions: true }), [6, 15]],
    ['mean', (ops, x) => ops.mean(x, { axes: [-1] }), [2, 5]],
    ['max', (ops, x) => ops.max(x, { axes: [1] }), [3, 6]],
    ['transpose', (ops, x) => ops.transpose(x, [1, 0]), [1, 4, 2, 5, 3, 6]],
    ['reshape', (ops, x) => ops.sum(ops.reshape(x, [3, 2]), { axes: [0] }), [9, 12]],
    ['slice', (ops, x) => ops.slice(x, [0, 1], [2, 2]), [2, 3, 5, 6]],
    [
      'pad',
      (ops, x) =>
        ops.pad(ops.slice(x, [0, 0], [1, 2]), [
          [0, 1],
          [1, 0],
        ]),
      [0, 1, 2, 0, 0, 0],
    ],
    ['concatenate', (ops, x) => ops.concatenate([x, ops.negate(x)], 1), [1, 2, 3, -1, -2, -3, 4, 5, 6, -4, -5, -6]],
    ['broadcast', (ops, x) => ops.broadcastTo(ops.slice(x, [0, 2], [2, 1]), [2, 2]), [3, 3, 6, 6]],
    ['product with a transpose', (ops, x) => ops.matMul(x, x, { transposeB: true }), [14, 32, 32, 77]],
    ['transpose of both', (ops, x) => ops.matMul(ops.slice(x, [0, 0], [2, 1]), x, { transposeA: true }), [17, 22, 27]],
    ['power', (ops, x) => ops.power(x, 2), [1, 4, 9, 16, 25, 36]],
    ['choice', (ops, x) => ops.select(ops.greaterOrEqual(x, 4), x, 0), [0, 0, 0, 4, 5, 6]],
    ['logic', (ops, x) => ops.select(ops.and(ops.not(ops.equal(x, 2)), ops.greater(5, x)), 1, 0), [1, 0, 1, 1, 0, 0]],
  ])('%s', (_, apply, expected) => {
    expect(evaluate([matrix], one(apply))).toEqual(expected)
  })

  it('softmax and its logarithm are exact for numbers whose exponential overflows', () => {
    const x = given([2, 2], [1000, 1000, -1000, 0])
    expect(
      evaluate(
        [x],
        one((ops, a) => ops.softmax(a)),
      ),
    ).toEqual([0.5, 0.5, 0, 1])
    expect(
      evaluate(
        [x],
        one((ops, a) => ops.logSoftmax(a)),
      ),
    ).toEqual([-Math.LN2, -Math.LN2, -1000, 0])
  })

  it('isFinite holds for numbers alone', () => {
    const x = given([4], [1, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN])
    expect(
      evaluate(
        [x],
        one((ops, a) => ops.select(ops.isFinite(a), 1, 0)),
      ),
    ).toEqual([1, 0, 0, 0])
  })

  it('rounds to single precision after every primitive if asked', () => {
    const sum = trace(
      [{ shape: [] }],
      one((ops, x) => ops.subtract(ops.add(x, 2 ** 24), 2 ** 24)),
    )
    expect(sum.run([[1]], 'float64')[0]?.data[0]).toBe(1)
    expect(sum.run([[1]], 'float32')[0]?.data[0]).toBe(0)
  })

  it('names an input that is missing or has another size', () => {
    const identity = trace([{ shape: [2] }], (_, [x]) => x ?? [])
    expect(() => identity.run([])).toThrow('The input "x0" was not given.')
    expect(() => identity.run([[1, 2, 3]])).toThrow(
      /"x0" has another size[\s\S]*2 elements of shape \(2,\)[\s\S]*3 elements/,
    )
  })
})
