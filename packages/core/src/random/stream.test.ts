import { describe, expect, it } from 'vitest'
import { permutation, seedWords, uniformForSamples } from './stream.js'

const uniform = (sampleIndices: number[], elements: number, { seed = 1, stream = 'dropout', step = 0 } = {}) => {
  const out = new Float32Array(sampleIndices.length * elements)
  uniformForSamples({ seed: seedWords(seed), stream, step, sampleIndices }, out)
  return out
}

describe('uniformForSamples', () => {
  it('gives a sample the same numbers wherever it stands in a batch and however the batch is split', () => {
    const whole = uniform([7, 3, 9, 4], 5)
    const halves = [...uniform([7, 3], 5), ...uniform([9, 4], 5)]
    expect([...whole]).toEqual(halves)
    expect([...uniform([9], 5)]).toEqual([...whole.subarray(10, 15)])
  })

  it('depends on seed, stream, step and sample', () => {
    const base = [...uniform([1], 4)]
    expect([...uniform([1], 4, { seed: 2 })]).not.toEqual(base)
    expect([...uniform([1], 4, { seed: 2 ** 32 + 1 })]).not.toEqual(base)
    expect([...uniform([1], 4, { stream: 'dropout_1' })]).not.toEqual(base)
    expect([...uniform([1], 4, { step: 1 })]).not.toEqual(base)
    expect([...uniform([2], 4)]).not.toEqual(base)
  })

  it('is uniform: mean, variance and every tenth of the interval are where they belong', () => {
    const draws = uniform([0], 100_000)
    const mean = draws.reduce((sum, x) => sum + x, 0) / draws.length
    const variance = draws.reduce((sum, x) => sum + (x - mean) ** 2, 0) / draws.length
    expect(Math.abs(mean - 0.5)).toBeLessThan(5 * Math.sqrt(1 / 12 / draws.length))
    expect(Math.abs(variance - 1 / 12)).toBeLessThan(0.002)
    const tenths = new Array<number>(10).fill(0)
    for (const x of draws) tenths[Math.floor(x * 10)] = (tenths[Math.floor(x * 10)] ?? 0) + 1
    const chiSquare = tenths.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0)
    expect(chiSquare).toBeLessThan(27.9) // 99.9 % quantile, 9 degrees of freedom
  })
})

describe('permutation', () => {
  it('holds every index once, differs between epochs and repeats for the same epoch', () => {
    const first = permutation(seedWords(1), 'shuffle', 0, 1000)
    expect([...first].sort((a, b) => a - b)).toEqual(Array.from({ length: 1000 }, (_, index) => index))
    expect([...permutation(seedWords(1), 'shuffle', 1, 1000)]).not.toEqual([...first])
    expect([...permutation(seedWords(1), 'shuffle', 0, 1000)]).toEqual([...first])
  })
})
