import { describe, expect, it } from 'vitest'
import { Sparkline } from './sparkline.js'

/** The blocks of values in so many columns. */
function drawn(values: readonly number[], width = 8): string {
  const line = new Sparkline(width)
  for (const value of values) line.add(value)
  return line.text
}

describe('a sparkline', () => {
  it('goes from the lowest value to the highest, evenly', () => {
    expect(drawn([7, 6, 5, 4, 3, 2, 1, 0])).toBe('█▇▆▅▄▃▂▁')
    expect(drawn([-1, 0, 1])).toBe('▁▅█')
  })

  it('is flat where nothing changes, and nothing before there are two values', () => {
    expect(drawn([2.5, 2.5, 2.5])).toBe('▁▁▁')
    expect([drawn([]), drawn([1])]).toEqual(['', ''])
  })

  it('leaves out what is not finite', () => {
    expect(drawn([0, Number.NaN, 7, Number.POSITIVE_INFINITY])).toBe('▁█')
  })

  it('joins neighbours where there are more values than columns, and loses none', () => {
    // Nine values: pairs (0, 0) (7, 7) (0, 0) (7, 7), and one that waits for its neighbour.
    expect(drawn([0, 0, 7, 7, 0, 0, 7, 7, 0])).toBe('▁█▁█')
    expect(drawn([0, 0, 7, 7, 0, 0, 7, 7, 0, 0])).toBe('▁█▁█▁')
    const falling = Array.from({ length: 100_000 }, (_, step) => 1 / (1 + step))
    for (const width of [4, 7, 8, 16]) {
      const text = drawn(falling, width)
      expect(text.length).toBeLessThanOrEqual(width)
      expect(text).toMatch(/^█[▁▂▃▄▅▆▇█]*▁$/)
    }
  })
})
