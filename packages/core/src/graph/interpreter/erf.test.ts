import { describe, expect, it } from 'vitest'
import { evaluate, given } from '../../testing/evaluate.js'

const erfOf = (...numbers: number[]) =>
  evaluate([given([numbers.length], numbers)], (ops, [x]) => ops.erf(x ?? ops.constant(Number.NaN)))

describe('erf', () => {
  // Python's math.erf.
  it.each([
    [1e-9, 1.1283791670955127e-9],
    [0.3, 0.3286267594591274],
    [1, 0.842700792949715],
    [-2.5, -0.999593047982555],
    [4, 0.9999999845827421],
    [5.9, 1],
  ])('of %d is %d', (x, y) => {
    expect(Math.abs((erfOf(x)[0] ?? Number.NaN) / y - 1)).toBeLessThan(2e-15)
  })

  it('is ±1 far away, 0 at 0, and NaN of NaN', () => {
    expect(erfOf(0, 7, -1e30, Number.POSITIVE_INFINITY, Number.NaN)).toEqual([0, 1, -1, 1, Number.NaN])
  })
})
