import { describe, expect, it } from 'vitest'
import { conv2d, input } from '../layers/index.js'
import { errorOf } from '../testing/error-of.js'
import {
  fans,
  glorotUniform,
  type Initializer,
  initialize,
  ones,
  randomNormal,
  randomUniform,
  truncatedNormal,
  zeros,
} from './index.js'
import type { ScalingName } from './option.js'

// Fans and limits of the notebook's AlexNet, computed from Keras' `_compute_fans` and `GlorotUniform`.
const alexnet = [
  { shape: [11, 11, 3, 96], fanIn: 363, fanOut: 11616, limit: 0.02238 },
  { shape: [5, 5, 96, 256], fanIn: 2400, fanOut: 6400, limit: 0.026112 },
  { shape: [3, 3, 256, 384], fanIn: 2304, fanOut: 3456, limit: 0.032275 },
  { shape: [4096, 1000], fanIn: 4096, fanOut: 1000, limit: 0.034313 },
] as const

interface Distribution {
  readonly initializer: Initializer
  readonly low: number
  readonly high: number
  readonly deviation: number
  readonly mean?: number
}

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

  it('fills zeros, ones and constants', () => {
    expect([...initialize(zeros, [2], 1, 'b')]).toEqual([0, 0])
    expect([...initialize(ones, [2], 1, 'b')]).toEqual([1, 1])
    expect([...initialize({ type: 'constant', value: 0.5 }, [2], 1, 'b')]).toEqual([0.5, 0.5])
  })

  // Keras: `VarianceScaling` with scale 1 or 2 over fan in (363) or the mean of both fans (5989.5); a truncated normal is drawn with
  // √(scale / n) / 0.87962566103423978 and cut at twice that. The defaults of the others stand in their signatures.
  const kernel = [11, 11, 3, 96]
  const scaled = { in: 363, average: (363 + 11616) / 2 }
  const uniform = (type: ScalingName, variance: number): Distribution => ({
    initializer: { type },
    low: -Math.sqrt(3 * variance),
    high: Math.sqrt(3 * variance),
    deviation: Math.sqrt(variance),
  })
  const cutNormal = (type: ScalingName, variance: number): Distribution => ({
    initializer: { type },
    low: (-2 * Math.sqrt(variance)) / 0.87962566103423978,
    high: (2 * Math.sqrt(variance)) / 0.87962566103423978,
    deviation: Math.sqrt(variance),
  })
  const distributions: readonly Distribution[] = [
    uniform('glorotUniform', 1 / scaled.average),
    uniform('heUniform', 2 / scaled.in),
    uniform('lecunUniform', 1 / scaled.in),
    cutNormal('glorotNormal', 1 / scaled.average),
    cutNormal('heNormal', 2 / scaled.in),
    cutNormal('lecunNormal', 1 / scaled.in),
    { initializer: randomUniform(), low: -0.05, high: 0.05, deviation: 0.1 / Math.sqrt(12) },
    {
      initializer: randomUniform({ minimum: 1, maximum: 3 }),
      low: 1,
      high: 3,
      deviation: 2 / Math.sqrt(12),
      mean: 2,
    },
    { initializer: truncatedNormal(), low: -0.1, high: 0.1, deviation: 0.05 * 0.87962566103423978 },
    {
      initializer: truncatedNormal({ mean: -1, standardDeviation: 2 }),
      low: -5,
      high: 3,
      deviation: 2 * 0.87962566103423978,
      mean: -1,
    },
  ]

  it.each(distributions)('draws $initializer within [$low, $high), deviating by $deviation', (distribution) => {
    const { low, high, deviation, mean = 0 } = distribution
    const data = initialize(distribution.initializer, kernel, 3, 'conv2d/kernel')
    const reach = high - low
    expect(Math.min(...data)).toBeGreaterThanOrEqual(Math.fround(low))
    expect(Math.max(...data)).toBeLessThanOrEqual(Math.fround(high))
    expect(Math.min(...data)).toBeLessThan(low + 0.01 * reach)
    expect(Math.max(...data)).toBeGreaterThan(high - 0.01 * reach)
    expectMoments(data, mean, deviation)
  })

  it('draws a normal distribution of a given mean and deviation, tails and all', () => {
    const data = initialize(randomNormal({ mean: 2, standardDeviation: 0.5 }), kernel, 3, 'conv2d/kernel')
    expectMoments(data, 2, 0.5)
    // Of 34 848 numbers 4.55 % lie beyond two deviations and 0.27 % beyond three; ± five deviations of those counts.
    const beyond = (deviations: number) => data.filter((x) => Math.abs(x - 2) > deviations * 0.5).length
    expect(Math.abs(beyond(2) - 1585.6)).toBeLessThan(5 * 38.9)
    expect(Math.abs(beyond(3) - 94.1)).toBeLessThan(5 * 9.7)
  })

  it('is without a trend from one number to the next, or between seeds', () => {
    const first = initialize(randomNormal(), kernel, 1, 'a')
    const second = initialize(randomNormal(), kernel, 2, 'a')
    const correlation = (a: Float32Array, b: Float32Array) =>
      a.reduce((sum, x, index) => sum + x * (b[index] ?? 0), 0) / (a.length * 0.05 ** 2)
    expect(Math.abs(correlation(first.subarray(1), first.subarray(0, -1)))).toBeLessThan(5 / Math.sqrt(first.length))
    expect(Math.abs(correlation(first, second))).toBeLessThan(5 / Math.sqrt(first.length))
  })
})

/** Within five standard errors of a sample of this size; a kurtosis of at most 3 bounds that of the deviation. */
function expectMoments(data: Float32Array, mean: number, deviation: number): void {
  const average = data.reduce((sum, x) => sum + x, 0) / data.length
  expect(Math.abs(average - mean)).toBeLessThan((5 * deviation) / Math.sqrt(data.length))
  const variance = data.reduce((sum, x) => sum + (x - mean) ** 2, 0) / data.length
  expect(Math.abs(Math.sqrt(variance) / deviation - 1)).toBeLessThan(5 / Math.sqrt(2 * data.length))
}

describe('the option for an initializer', () => {
  const initializerOf = (given: unknown) =>
    conv2d({ filters: 1, kernelSize: 1, kernelInitializer: JSON.parse(JSON.stringify(given)), name: 'c' })

  it('takes a name or data, and fills in what is left out', () => {
    const images = input({ shape: [1, 1, 1] })
    const made = (given: unknown) => initializerOf(given)(images).application.owner.weights.kernel?.initializer
    expect(made('randomNormal')).toEqual({ type: 'randomNormal', mean: 0, standardDeviation: 0.05 })
    expect(made({ type: 'randomNormal', standardDeviation: 0.01 })).toEqual(randomNormal({ standardDeviation: 0.01 }))
    expect(made({ type: 'constant', value: 0.1 })).toEqual({ type: 'constant', value: 0.1 })
    expect(made('constant')).toEqual({ type: 'constant', value: 0 })
    expect(made('heNormal')).toEqual({ type: 'heNormal' })
  })

  it.each([
    [{ type: 'randomNormal', standardDeviation: -1 }, /"standardDeviation" of initializer randomNormal/, '-1'],
    [{ type: 'truncatedNormal', mean: 'a' }, /"mean" of initializer truncatedNormal/, '"a"'],
    [
      { type: 'randomUniform', minimum: 1, maximum: 0 },
      /"minimum" of initializer randomUniform .* above its maximum/,
      '1',
    ],
    [{ type: 'randomNormal', stddev: 1 }, /initializer randomNormal .* has no option "stddev"/, 'stddev: 1'],
    [{ type: 'zeros', value: 1 }, /initializer zeros .* has no option "value"/, 'value: 1'],
  ])('refuses %o and says what of it in which layer', (given, message, received) => {
    const error = errorOf(() => initializerOf(given))
    expect(error).toMatchObject({ kind: 'option', received })
    expect(error.message).toMatch(message)
    expect(error.message).toMatch('in the option "kernelInitializer" of layer conv2d "c"')
  })

  it('refuses what is no initializer', () => {
    expect(errorOf(() => initializerOf(7)).received).toBe('7')
    expect(errorOf(() => initializerOf({ type: 'toString' })).received).toBe('{"type":"toString"}')
    expect(errorOf(() => initializerOf(null)).received).toBe('null')
  })
})
