import { seedWords, uniformForSamples } from '@convzoo/core/engine'
import { describe, expect, it } from 'vitest'
import { runtime } from './kernels.js'

describe('random numbers made on WebGPU', () => {
  it.each([
    { shape: [3, 5], seed: 2 ** 40 + 7, stream: 'dropout', step: 3, sampleIndices: [5, 0, 9] },
    { shape: [2, 4, 3, 7], seed: 0, stream: 'dropout_1', step: 2 ** 33 + 1, sampleIndices: [2 ** 32 - 1, 2 ** 31] },
    { shape: [4, 1], seed: 1, stream: '', step: 0, sampleIndices: [0, 1, 2, 3] },
    { shape: [2, 1000], seed: 2 ** 53 - 1, stream: 'tower/dropout', step: 12, sampleIndices: [70_000, 1] },
  ])('are those of core, bit for bit: %j', async ({ shape, seed, ...request }) => {
    const uniform = { seed: seedWords(seed), ...request }
    const wanted = new Float32Array(shape.reduce((size, length) => size * length, 1))
    uniformForSamples(uniform, wanted)
    expect(new Set(wanted).size).toBeGreaterThan(1)
    const tensor = runtime.kernels.uniform(uniform, shape)
    expect(await runtime.kernels.numbers(tensor)).toEqual(wanted)
    tensor.dispose()
  })
})
