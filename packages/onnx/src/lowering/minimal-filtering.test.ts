import { describe, expect, it } from 'vitest'
import { minimalFiltering, mostPoints } from './minimal-filtering.js'

const product = (matrix: readonly (readonly number[])[], vector: readonly number[]): number[] =>
  matrix.map((row) => row.reduce((sum, value, index) => sum + value * (vector[index] ?? 0), 0))

describe('minimalFiltering', () => {
  it('gives F(2, 3) as Lavin and Gray print it, up to the signs of pairs of rows', () => {
    const { input, kernel, output } = minimalFiltering(2, 3)
    const one = [-1, 1, 1, 1] // The first row of both is printed with the other sign.
    const signed = (matrix: readonly (readonly number[])[]) =>
      matrix.map((row, i) => row.map((x) => 0 + x * (one[i] ?? 1)))
    expect(signed(kernel)).toEqual([
      [1, 0, 0],
      [0.5, 0.5, 0.5],
      [0.5, -0.5, 0.5],
      [0, 0, 1],
    ])
    expect(signed(input)).toEqual([
      [1, 0, -1, 0],
      [0, 1, 1, 0],
      [0, -1, 1, 0],
      [0, -1, 0, 1],
    ])
    expect(output).toEqual([
      [1, 1, 1, 0],
      [0, 1, -1, 1],
    ])
  })

  const all = [2, 3, 4, 5].flatMap((taps) =>
    Array.from({ length: mostPoints - taps }, (_, index) => ({ taps, outputs: index + 2 })),
  )
  it.each(all)('F($outputs, $taps) slides a filter over its cells', ({ outputs, taps }) => {
    const cells = Array.from({ length: outputs + taps - 1 }, (_, index) => Math.sin(3 * index + 1))
    const filter = Array.from({ length: taps }, (_, index) => Math.cos(5 * index))
    const slid = Array.from({ length: outputs }, (_, place) =>
      filter.reduce((sum, tap, index) => sum + tap * (cells[place + index] ?? 0), 0),
    )
    const { input, kernel, output } = minimalFiltering(outputs, taps)
    const seen = product(input, cells)
    const found = product(
      output,
      product(kernel, filter).map((value, index) => value * (seen[index] ?? 0)),
    )
    found.forEach((value, place) => {
      expect(value).toBeCloseTo(slid[place] ?? Number.NaN, 11)
    })
  })
})
