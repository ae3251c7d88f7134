import { describe, expect, it } from 'vitest'
import { fillNoise } from './noise.js'

const count = 400_001

function noise(of: { seed: number; copy: number; sample: number }): Float32Array {
  const values = new Float32Array(count)
  fillNoise(values, of)
  return values
}

const mean = (values: Float32Array, of: (value: number, at: number) => number): number =>
  values.reduce((sum, value, at) => sum + of(value, at), 0) / values.length

describe('noise', () => {
  const values = noise({ seed: 1, copy: 0, sample: 0 })

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

  it('repeats, and is other for another seed, copy or sample', () => {
    expect(noise({ seed: 1, copy: 0, sample: 0 })).toEqual(values)
    for (const other of [
      { seed: 2, copy: 0, sample: 0 },
      { seed: 1, copy: 1, sample: 0 },
      { seed: 1, copy: 0, sample: 1 },
    ]) {
      const different = noise(other)
      expect(Math.abs(mean(values, (value, at) => value * (different[at] ?? 0)))).toBeLessThan(5 / Math.sqrt(count))
    }
  })
})
