import { describe, expect, it } from 'vitest'
import { byteArithmetic } from './byte-arithmetic.js'
import { normalizationOf, whiteningOf } from './normalization.js'

describe('the mean and the deviation', () => {
  it.each([
    ['mean', '{"resize":"bilinear","standardDeviation":[1]}'],
    ['mean', '{"resize":"bilinear","mean":0,"standardDeviation":[1]}'],
    ['standardDeviation', '{"resize":"bilinear","mean":[0]}'],
    ['standardDeviation', '{"resize":"bilinear","mean":[0],"standardDeviation":[0]}'],
  ])('are errors that name %s where they are no numbers to use: %s', (option, preprocessing) => {
    const made = () => normalizationOf(JSON.parse(preprocessing), [2, 2, 3], 255)
    expect(made).toThrow(expect.objectContaining({ kind: 'option', message: expect.stringContaining(option) }))
  })

  it('make an input of bytes', () => {
    const preprocessing = { resize: 'bilinear', mean: [0.5, 0.25], standardDeviation: [0.5] } as const
    const [scale, offset] = byteArithmetic(preprocessing, [1, 1, 2]).tensors
    const seen = [255, 51].map((byte, channel) => byte * (scale?.data[channel] ?? 0) + (offset?.data[channel] ?? 0))
    // (1 − 0.5) / 0.5 and (0.2 − 0.25) / 0.5.
    expect(seen[0]).toBeCloseTo(1, 6)
    expect(seen[1]).toBeCloseTo(-0.1, 6)
  })

  it('may be an image, whose offsets lie where its pixels do', () => {
    const preprocessing = { resize: 'bilinear', mean: [0, 0.5, 1, 0.25], standardDeviation: [0.5] } as const
    const [, offset] = byteArithmetic(preprocessing, [2, 2, 1]).tensors
    expect(offset).toEqual({ name: 'offset', shape: [2, 2, 1], data: Float32Array.of(-0, -1, -2, -0.5) })
  })
})

describe('whitening', () => {
  const asked = { resize: 'bilinear', mean: [0], standardDeviation: [1] } as const

  it('is an error before it was fitted', () => {
    const whitening = { type: 'zca', contrast: 55, epsilon: 0.1 } as const
    expect(() => whiteningOf({ ...asked, whitening }, [1, 2, 1])).toThrow(/fitted[\s\S]*fitWhitening/)
    expect(() => whiteningOf({ ...asked, whitening: { ...whitening, contrast: 0 } }, [1, 2, 1])).toThrow(/above 0/)
  })

  it('is a mean and a matrix beside the scale and the offset', () => {
    const fitted = { mean: Float32Array.of(1, 2), matrix: Float32Array.of(1, 0, 0, 1) }
    const whitening = { type: 'zca', contrast: 55, epsilon: 0.1, fitted } as const
    const arithmetic = byteArithmetic({ ...asked, whitening }, [1, 2, 1])
    expect(arithmetic.tensors.map(({ name, shape }) => [name, shape])).toEqual([
      ['scale', [1]],
      ['offset', [1]],
      ['mean', [2]],
      ['matrix', [2, 2]],
    ])
    expect(arithmetic.whitening?.contrast).toBe(55)
  })
})
