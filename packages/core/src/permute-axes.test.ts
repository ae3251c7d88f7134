import { describe, expect, it } from 'vitest'
import { permuteAxes } from './permute-axes.js'

describe('permuteAxes', () => {
  it('puts a kernel of [kh, kw, in, out] into the order [out, in, kh, kw]', () => {
    const shape = [2, 3, 4, 5]
    const kernel = Float32Array.from({ length: 120 }, (_, index) => index)
    const turned = permuteAxes(kernel, shape, [3, 2, 0, 1])
    for (let out = 0; out < 5; out++)
      for (let input = 0; input < 4; input++)
        for (let row = 0; row < 2; row++)
          for (let column = 0; column < 3; column++)
            expect(turned[((out * 4 + input) * 2 + row) * 3 + column]).toBe(((row * 3 + column) * 4 + input) * 5 + out)
  })

  it('refuses an axis twice, and data of another size', () => {
    expect(() => permuteAxes(new Float32Array(4), [2, 2], [0, 0])).toThrow(/each of 2 axes once/)
    expect(() => permuteAxes(new Float32Array(3), [2, 2], [0, 1])).toThrow(/4 elements/)
  })
})
