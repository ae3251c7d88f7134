import type { Dataset } from '@convzoo/core'
import { describeValue } from '@convzoo/core/define'
import { describe, expect, it } from 'vitest'
import { dataset, trainer } from './testing/brighter.js'

/** Brighter from view to view and later turned round, the first four images in most views and the others in few. */
function viewed(only?: number): Dataset {
  const plain = dataset()
  return {
    ...plain,
    async batch(indices, purpose) {
      const view = only ?? purpose?.view ?? 0
      const { images, targets } = await plain.batch(indices)
      const seen = images.map((value, at) => {
        const turnedFrom = (indices[at >> 2] ?? 0) < 4 ? 3 : 7
        return (view < turnedFrom ? value : (images[(at | 3) - (at % 4)] ?? 0)) * (1 + view / 5)
      })
      return { images: seen, targets }
    },
  }
}

describe('an evaluation in ten views', () => {
  it('has the mean of the probabilities and losses of the single views', async () => {
    await using trained = trainer()
    await trained.fit(dataset(), { epochs: 10, batchSize: 4 })
    const evaluated = await trained.evaluate(viewed(), { batchSize: 4, views: 10, mistakes: 10 })
    let loss = 0
    const means = new Float64Array(20)
    for (let view = 0; view < 10; view++) {
      const single = viewed(view)
      loss += (await trained.evaluate(single, { batchSize: 4 })).loss / 10
      const { images } = await single.batch([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
      const probabilities = await trained.predict(images)
      for (const [at, probability] of probabilities.entries()) means[at] = (means[at] ?? 0) + probability / 10
    }
    expect(evaluated.loss).toBeCloseTo(loss, 6)
    const wrong = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].filter((index) => {
      const truth = index % 2
      return (means[2 * index + truth] ?? 0) < (means[2 * index + 1 - truth] ?? 0)
    })
    expect(wrong).toEqual([0, 1, 2, 3])
    expect(evaluated.samples).toBe(10)
    expect(evaluated.top1).toBeCloseTo(1 - wrong.length / 10, 10)
    expect(evaluated.mistakes?.map(({ index }) => index).sort()).toEqual(wrong)
    for (const { index, predicted, probability } of evaluated.mistakes ?? []) {
      expect(probability).toBeCloseTo(means[2 * index + predicted] ?? -1, 6)
    }
  })

  it.each([0, 11, 1.5])('cannot be of %s views', async (views) => {
    await using trained = trainer()
    await expect(trained.evaluate(viewed(), { batchSize: 4, views })).rejects.toThrow(
      new RegExp(`"views"[\\s\\S]*from 1 to 10[\\s\\S]*${describeValue(views)}`),
    )
  })
})
