import { describe, expect, it } from 'vitest'
import { Stretches } from './stretches.js'

const step = (index: number) => ({
  type: 'step' as const,
  step: index,
  epoch: 0,
  samples: 2,
  loss: index,
  learningRate: 0.1,
  weightDecay: 0,
  seconds: 1,
  waited: 0.25,
})

describe('the stretches of a curve', () => {
  it.each([1, 1000, 1001, 2003, 10_000])('hold all of %i steps, and are at most a thousand and one', (count) => {
    const stretches = new Stretches()
    for (let index = 0; index < count; index++) stretches.add(step(index))
    const { all, length } = stretches
    expect(all.length).toBeLessThanOrEqual(1001)
    expect(all.reduce((sum, each) => sum + each.count, 0)).toBe(count)
    expect(all.reduce((sum, each) => sum + each.loss, 0)).toBe((count * (count - 1)) / 2)
    expect(all.slice(0, -1).every((each) => each.count === length)).toBe(true)
    expect(all.at(-1)?.end).toBe(count)
    expect(length).toBe(count <= 1000 ? 1 : 2 ** Math.ceil(Math.log2(count / 1000)))
    const ends = all.map((_, index) => all.slice(0, index + 1).reduce((sum, each) => sum + each.count, 0))
    expect(all.map(({ end }) => end)).toEqual(ends)
    const sums = all.map(({ samples, seconds, waited }) => [samples, seconds, waited])
    expect(sums).toEqual(all.map(({ count: steps }) => [2 * steps, steps, steps / 4]))
  })
})
