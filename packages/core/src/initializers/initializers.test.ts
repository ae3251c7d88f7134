import { describe, expect, it } from 'vitest'
import { fans, glorotUniform, initialize, ones, zeros } from './initializers.js'

// Fans and limits of the notebook's AlexNet, computed from Keras' `_compute_fans` and `GlorotUniform`.
const alexnet = [
  { shape: [11, 11, 3, 96], fanIn: 363, fanOut: 11616, limit: 0.02238 },
  { shape: [5, 5, 96, 256], fanIn: 2400, fanOut: 6400, limit: 0.026112 },
  { shape: [3, 3, 256, 384], fanIn: 2304, fanOut: 3456, limit: 0.032275 },
  { shape: [4096, 1000], fanIn: 4096, fanOut: 1000, limit: 0.034313 },
] as const

describe('initialize', () => {
  it.each(alexnet)('counts the fans of $shape as Keras does', ({ shape, fanIn, fanOut }) => {
    expect(fans(shape)).toEqual({ fanIn, fanOut })
  })

  it.each(alexnet)("draws $shape uniformly within Glorot's limit $limit", ({ shape, limit }) => {
    const data = initialize(glorotUniform, shape, 1, 'conv2d/kernel')
    const largest = data.reduce((most, x) => Math.max(most, Math.abs(x)), 0)
    expect(largest).toBeLessThanOrEqual(limit * 1.0001)
    expect(largest).toBeGreaterThan(limit * 0.999)
    const deviation = Math.sqrt(data.reduce((sum, x) => sum + x * x, 0) / data.length)
    expect(deviation / (limit / Math.sqrt(3))).toBeCloseTo(1, 1)
  })

  it('gives each weight and each seed numbers of their own', () => {
    const draw = (seed: number, name: string) => [...initialize(glorotUniform, [3, 4], seed, name)]
    expect(draw(1, 'dense/kernel')).toEqual(draw(1, 'dense/kernel'))
    expect(draw(2, 'dense/kernel')).not.toEqual(draw(1, 'dense/kernel'))
    expect(draw(1, 'dense_1/kernel')).not.toEqual(draw(1, 'dense/kernel'))
  })

  it('fills zeros and ones', () => {
    expect([...initialize(zeros, [2], 1, 'b')]).toEqual([0, 0])
    expect([...initialize(ones, [2], 1, 'b')]).toEqual([1, 1])
  })
})
