import { describe, expect, it } from 'vitest'
import {
  axisLength,
  axisPadding,
  borderOf,
  broadcastShapes,
  dilatedSize,
  formatShape,
  sameShape,
  sizeOf,
  stridesOf,
  windowCount,
} from './shape.js'

describe('shapes', () => {
  it('count their elements, a scalar has one', () => {
    expect(sizeOf([2, 3, 4])).toBe(24)
    expect(sizeOf([])).toBe(1)
  })

  it('are the same only with equal lengths on every axis', () => {
    expect(sameShape([2, 3], [2, 3])).toBe(true)
    expect(sameShape([2, 3], [3, 2])).toBe(false)
    expect(sameShape([2], [2, 1])).toBe(false)
  })

  it('print as Python tuples', () => {
    expect(formatShape([2, 3])).toBe('(2, 3)')
    expect(formatShape([5])).toBe('(5,)')
    expect(formatShape([])).toBe('()')
    expect(formatShape([9216], { batch: true })).toBe('(None, 9216)')
    expect(formatShape([], { batch: true })).toBe('(None,)')
  })

  it('give the length of an axis, from the end for negative ones', () => {
    expect(axisLength([2, 3, 4], 1)).toBe(3)
    expect(axisLength([2, 3, 4], -1)).toBe(4)
    expect(() => axisLength([2, 3], 2)).toThrow('A shape of rank 2 has no axis 2.')
    expect(() => axisLength([2, 3], -3)).toThrow('A shape of rank 2 has no axis -3.')
  })

  it('have row-major strides', () => {
    expect(stridesOf([2, 3, 4])).toEqual([12, 4, 1])
    expect(stridesOf([])).toEqual([])
  })
})

describe('broadcastShapes', () => {
  // The examples of numpy's documentation, "Broadcasting".
  it.each([
    { a: [256, 256, 3], b: [3], result: [256, 256, 3] },
    { a: [8, 1, 6, 1], b: [7, 1, 5], result: [8, 7, 6, 5] },
    { a: [5, 4], b: [1], result: [5, 4] },
    { a: [15, 3, 5], b: [15, 1, 5], result: [15, 3, 5] },
    { a: [], b: [2, 3], result: [2, 3] },
  ])('joins $a and $b', ({ a, b, result }) => {
    expect(broadcastShapes(a, b)).toEqual(result)
    expect(broadcastShapes(b, a)).toEqual(result)
  })

  it('refuses lengths that differ', () => {
    expect(() => broadcastShapes([3], [4])).toThrow(/received: \(3,\) and \(4,\)/)
    expect(() => broadcastShapes([2, 1], [8, 4, 3])).toThrow('These shapes cannot be broadcast to one.')
  })
})

describe('windows', () => {
  it('of the notebook fall where Keras puts them: 227 → 55 → 27 → 13 → 6', () => {
    expect(windowCount(227, 11, 4)).toBe(55)
    expect(windowCount(55, 3, 2)).toBe(27)
    expect(windowCount(27, 3, 2)).toBe(13)
    expect(windowCount(13, 3, 2)).toBe(6)
    expect(windowCount(227, 7, 2)).toBe(111)
  })

  it('that reach beyond the border have no place', () => {
    expect(windowCount(2, 3, 1)).toBe(0)
    expect(windowCount(3, 3, 5)).toBe(1)
    expect(windowCount(2, 3, 1, 1)).toBe(1)
  })

  it('reach further when dilated', () => {
    expect(dilatedSize(3, 1)).toBe(3)
    expect(dilatedSize(3, 2)).toBe(5)
    expect(dilatedSize(1, 7)).toBe(1)
  })
})

describe('padding', () => {
  it('valid is none', () => {
    expect(axisPadding('valid', 7, 3, 2)).toEqual([0, 0])
  })

  // TensorFlow's rule: total = max((⌈n/s⌉ − 1)·s + k − n, 0), the odd cell after.
  it.each([
    { length: 5, size: 3, stride: 1, padding: [1, 1] },
    { length: 5, size: 2, stride: 1, padding: [0, 1] },
    { length: 5, size: 4, stride: 1, padding: [1, 2] },
    { length: 6, size: 3, stride: 2, padding: [0, 1] },
    { length: 5, size: 3, stride: 2, padding: [1, 1] },
    { length: 7, size: 1, stride: 3, padding: [0, 0] },
    { length: 224, size: 7, stride: 2, padding: [2, 3] },
  ])('same around $length cells, window $size, stride $stride is $padding', ({ length, size, stride, padding }) => {
    const [before, after] = axisPadding('same', length, size, stride)
    expect([before, after]).toEqual(padding)
    expect(windowCount(length, size, stride, before + after)).toBe(Math.ceil(length / stride))
  })

  it('treats rows and columns apart', () => {
    expect(borderOf('same', [6, 5], [3, 4], [2, 1])).toEqual({ top: 0, bottom: 1, left: 1, right: 2 })
  })
})
