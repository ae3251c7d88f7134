import { describe, expect, it } from 'vitest'
import { Noise } from './noise.js'

const count = 400_001

const mean = (values: Float32Array, of: (value: number, at: number) => number): number =>
  values.reduce((sum, value, at) => sum + of(value, at), 0) / values.length

describe('noise', () => {
  const values = new Noise(1).of(0, count)

  // Each within five standard errors of what a standard normal distribution has.
  it.each([
    ['mean', (value: number) => value, 0, 1],
    ['variance', (value: number) => value ** 2, 1, 2],
    ['third moment', (value: number) => value ** 3, 0, 15],
    ['fourth moment', (value: number) => value ** 4, 3, 96],
    ['part within one deviation', (value: number) => Number(Math.abs(value) < 1), 0.682689, 0.216625],
    ['part beyond three deviations', (value: number) => Number(Math.abs(value) > 3), 0.0026998, 0.0026925],
    ['correlation with the next one', (value: number, at: number) => value * (values[at + 1] ?? 0), 0, 1],
    ['correlation with the one after', (value: number, at: number) => value * (values[at + 2] ?? 0), 0, 1],
  ])('has the %s of a normal distribution', (_, of, wanted, variance) => {
    expect(Math.abs(mean(values, of) - wanted)).toBeLessThan(5 * Math.sqrt(variance / count))
  })

  it('repeats, and is other for another seed or copy', () => {
    expect(new Noise(1).of(0, count)).toEqual(values)
    for (const different of [new Noise(2).of(0, count), new Noise(1).of(1, count)]) {
      expect(Math.abs(mean(values, (value, at) => value * (different[at] ?? 0)))).toBeLessThan(5 / Math.sqrt(count))
    }
  })

  it('is the same whether it is kept or drawn anew', () => {
    const drawn = new Noise(1)
    const [large, copies] = [2 ** 23, 6]
    const sums = () => Array.from({ length: copies }, (_, copy) => drawn.of(copy, large)[large - 1])
    const first = sums()
    expect(sums()).toEqual(first)
    expect(new Set(first).size).toBe(copies)
  })
})
