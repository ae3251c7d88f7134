import { describe, expect, it } from 'vitest'
import { noBorder } from '../shape.js'
import { GraphBuilder } from './builder.js'
import { opsFor } from './ops.js'

function begin() {
  const builder = new GraphBuilder()
  const ops = opsFor(builder)
  const float = (...shape: number[]) => builder.input(`float ${shape}`, { shape, dtype: 'float32' })
  return { builder, ops, float, condition: builder.input('condition', { shape: [2], dtype: 'bool' }) }
}

const plain = { strides: [1, 1], padding: noBorder, dilations: [1, 1], groups: 1 } as const
const normalization = { radius: 2, bias: 2, alpha: 1e-4, beta: 0.75 } as const
const pooling = { size: [3, 3], strides: [2, 2], padding: noBorder } as const

describe('the shapes of primitives', () => {
  it('follow from shapes and attributes', () => {
    const { ops, float } = begin()
    const x = float(2, 7, 8, 4)
    expect(ops.conv2d(x, float(3, 3, 4, 6), { ...plain, strides: [2, 3] }).shape).toEqual([2, 3, 2, 6])
    expect(ops.conv2d(x, float(3, 3, 2, 6), { ...plain, dilations: [3, 1], groups: 2 }).shape).toEqual([2, 1, 6, 6])
    expect(ops.maxPool2d(x, pooling).shape).toEqual([2, 3, 3, 4])
    expect(ops.averagePool2d(x, pooling).shape).toEqual([2, 3, 3, 4])
    expect(ops.averagePool2dGradient(float(2, 3, 3, 4), { ...pooling, imageSize: [8, 7] }).shape).toEqual([2, 8, 7, 4])
    expect(ops.localResponseNormalization(x, normalization).shape).toEqual([2, 7, 8, 4])
    expect(ops.matMul(float(3, 2), float(4, 3), { transposeA: true, transposeB: true }).shape).toEqual([2, 4])
    expect(ops.sum(x).shape).toEqual([])
    expect(ops.sum(x, { axes: [-1, 0] }).shape).toEqual([7, 8])
    expect(ops.max(x, { axes: [1], keepDimensions: true }).shape).toEqual([2, 1, 8, 4])
    expect(ops.transpose(float(2, 3, 4), [2, 0, 1]).shape).toEqual([4, 2, 3])
    expect(ops.concatenate([float(2, 3), float(2, 5)], -1).shape).toEqual([2, 8])
    expect(ops.padImage(x, { top: 1, bottom: 2, left: 3, right: 4 }).shape).toEqual([2, 10, 15, 4])
  })

  it('of comparisons are bool, of choices float32', () => {
    const { ops, float, condition } = begin()
    expect(ops.greater(float(2, 1), float(3))).toMatchObject({ shape: [2, 3], dtype: 'bool' })
    expect(ops.isFinite(float(2))).toMatchObject({ shape: [2], dtype: 'bool' })
    expect(ops.select(condition, 1, float(3, 1))).toMatchObject({ shape: [3, 2], dtype: 'float32' })
  })

  it.each<[string, RegExp, (tools: ReturnType<typeof begin>) => unknown]>([
    ['a product of unlike inner lengths', /inner lengths/, ({ ops, float }) => ops.matMul(float(2, 3), float(2, 3))],
    ['a product of images', /two matrices/, ({ ops, float }) => ops.matMul(float(2, 2, 2), float(2, 2))],
    [
      'a kernel of other channels',
      /does not fit/,
      ({ ops, float }) => ops.conv2d(float(1, 4, 4, 3), float(2, 2, 2, 4), plain),
    ],
    [
      'a kernel beyond its input',
      /larger than/,
      ({ ops, float }) => ops.conv2d(float(1, 2, 2, 1), float(3, 3, 1, 1), plain),
    ],
    ['a convolution of rows', /rank 4/, ({ ops, float }) => ops.conv2d(float(4, 4), float(2, 2, 1, 1), plain)],
    ['a window beyond its input', /larger than/, ({ ops, float }) => ops.maxPool2d(float(1, 2, 2, 1), pooling)],
    [
      'a foreign gradient of a convolution',
      /shape of the convolution/,
      ({ ops, float }) =>
        ops.conv2dInputGradient(float(1, 3, 3, 1), float(2, 2, 1, 1), { ...plain, imageSize: [5, 5] }),
    ],
    [
      'a foreign gradient of a pooling',
      /shape of the pooling/,
      ({ ops, float }) => ops.maxPool2dGradient(float(1, 7, 7, 1), float(1, 2, 2, 1), pooling),
    ],
    [
      'a foreign gradient of an average',
      /shape of the pooling/,
      ({ ops, float }) => ops.averagePool2dGradient(float(1, 2, 2, 1), { ...pooling, imageSize: [7, 7] }),
    ],
    [
      'a foreign gradient of a normalization',
      /shape of the normalization/,
      ({ ops, float }) => ops.localResponseNormalizationGradient(float(1, 2, 2, 3), float(1, 2, 2, 1), normalization),
    ],
    [
      'a pooling padded by a whole window',
      /could hold no cell/,
      ({ ops, float }) =>
        ops.averagePool2d(float(1, 7, 7, 1), { ...pooling, padding: { ...noBorder, left: 3, right: 1 } }),
    ],
    ['a reshape to more elements', /number of elements/, ({ ops, float }) => ops.reshape(float(2, 3), [7])],
    ['a permutation of too few axes', /every axis once/, ({ ops, float }) => ops.transpose(float(2, 3), [1])],
    ['a permutation that repeats an axis', /every axis once/, ({ ops, float }) => ops.transpose(float(2, 3), [1, 1])],
    ['a broadcast that shrinks', /does not broadcast/, ({ ops, float }) => ops.broadcastTo(float(2, 3), [3])],
    ['a join of unlike rows', /outside axis 1/, ({ ops, float }) => ops.concatenate([float(2, 3), float(3, 3)], 1)],
    ['a slice beyond its value', /leaves its value/, ({ ops, float }) => ops.slice(float(2, 3), [1, 0], [2, 3])],
    ['a sum over an axis that is not there', /no axis 2/, ({ ops, float }) => ops.sum(float(2, 3), { axes: [2] })],
    ['arithmetic on truth values', /wrong type/, ({ ops, condition }) => ops.add(condition, 1)],
    ['a choice by numbers', /wrong type/, ({ ops, float }) => ops.select(float(2), 1, 0)],
  ])('refuse %s', (_, message, attempt) => {
    expect(() => attempt(begin())).toThrow(message)
  })
})
