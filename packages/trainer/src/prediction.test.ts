import { describe, expect, it } from 'vitest'
import { topClasses } from './prediction.js'
import { dataset, trainer } from './testing/brighter.js'

describe('predict', () => {
  it('finds the classes that were learned, image by image, whatever the batches', async () => {
    await using trained = trainer()
    await trained.fit(dataset(), { epochs: 20, batchSize: 4 })
    const { images } = await dataset().batch([0, 1, 2, 3, 4])
    const probabilities = await trained.predict(images)
    const rows = Array.from({ length: 5 }, (_, row) => probabilities.subarray(2 * row, 2 * row + 2))
    expect(rows.map((row) => topClasses(row, 1)[0]?.index)).toEqual([0, 1, 0, 1, 0])
    for (const [first = 0, last = 0] of rows) expect(first + last).toBeCloseTo(1, 5)
    expect(await trained.predict(images, { batchSize: 2 })).toEqual(probabilities)
  })

  it('refuses what is no whole image', async () => {
    await using trained = trainer()
    await expect(trained.predict(new Float32Array(6))).rejects.toThrow(/multiple of 4 values[\s\S]*6 values/)
    await expect(trained.predict(new Float32Array(0))).rejects.toThrow(/0 values/)
  })
})

describe('topClasses', () => {
  it('lists the most probable first, and of equal ones the lower index', () => {
    expect(topClasses([0.2, 0.3, 0.3, 0.1], 3)).toEqual([
      { index: 1, probability: 0.3 },
      { index: 2, probability: 0.3 },
      { index: 0, probability: 0.2 },
    ])
    expect(topClasses([1], 5)).toHaveLength(1)
  })
})
