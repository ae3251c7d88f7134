import type { Batch, Dataset } from '@convzoo/core'
import { describe, expect, it } from 'vitest'
import { dataset, trainer } from './testing/brighter.js'

const options = { epochs: 2, batchSize: 4 }

/** What is done with each batch of the dataset on its way. */
const changed = (change: (batch: Batch) => Batch): Dataset => ({
  ...dataset(),
  batch: async (indices) => change(await dataset().batch(indices)),
})

const withTarget = (row: number, values: readonly number[]) => (batch: Batch) => {
  const targets = batch.targets.slice()
  targets.set(values, 2 * row)
  return { ...batch, targets }
}

const withPixel = (value: number) => (batch: Batch) => ({
  ...batch,
  images: batch.images.map((each, index) => (index === 5 ? value : each)),
})

const skipping = (rows: (size: number) => readonly number[]) => (batch: Batch) => ({
  ...batch,
  skipped: rows(batch.targets.length / 2),
})

const all = (size: number): number[] => Array.from({ length: size }, (_, row) => row)

const cases: Readonly<Record<string, readonly [Dataset, RegExp]>> = {
  'a length of -1': [{ ...dataset(), length: -1 }, /The length of .*brighter/],
  'a length of NaN': [{ ...dataset(), length: Number.NaN }, /The length of/],
  'a length of 1.5': [{ ...dataset(), length: 1.5 }, /The length of/],
  'an infinite length': [{ ...dataset(), length: Number.POSITIVE_INFINITY }, /The length of/],
  'a concurrency of -1': [{ ...dataset(), concurrency: -1 }, /The concurrency of/],
  'a concurrency of NaN': [{ ...dataset(), concurrency: Number.NaN }, /The concurrency of/],
  'a concurrency of 0': [{ ...dataset(), concurrency: 0 }, /The concurrency of/],
  'every row skipped': [changed(skipping(all)), /None of the images of brighter could be read/],
  'rows skipped that it has not': [changed(skipping(() => [9])), /skipped rows are none of its rows/],
  'targets of zeros': [changed(withTarget(2, [0, 0])), /no distribution .* in row 2/],
  'negative targets': [changed(withTarget(0, [1.5, -0.5])), /no distribution/],
  'targets whose sum is 2': [changed(withTarget(1, [1, 1])), /no distribution/],
  'targets that are no numbers': [changed(withTarget(1, [Number.NaN, 1])), /no distribution/],
  'infinite targets': [changed(withTarget(1, [Number.POSITIVE_INFINITY, 0])), /no distribution/],
  'a pixel that is no number': [changed(withPixel(Number.NaN)), /images are out of range/],
  'an infinite pixel': [changed(withPixel(Number.NEGATIVE_INFINITY)), /images are out of range/],
  'images of 16 bits that nobody scaled': [changed(withPixel(65535)), /images are out of range/],
}

describe('training on nothing, or on nonsense', () => {
  it.each(Object.entries(cases))('is refused: %s', async (_, [odd, message]) => {
    for (const classes of [odd.classes, odd.classes.toReversed()]) {
      await using trained = trainer([], 1, { classes })
      const refused = { kind: 'data', message: expect.stringMatching(message) }
      await expect(trained.fit(odd, options)).rejects.toMatchObject(refused)
      await expect(trained.evaluate(odd, { batchSize: 4 })).rejects.toMatchObject(refused)
      await expect(trained.fit(dataset(), { ...options, validation: odd })).rejects.toMatchObject(refused)
    }
  })

  it('is no fault of a dataset of which some rows are skipped, or whose labels are soft', async () => {
    await using trained = trainer()
    const some = changed(skipping(() => [0, 0]))
    expect(await trained.fit(some, options)).toMatchObject({ completed: true })
    expect(await trained.evaluate(some, { batchSize: 4 })).toMatchObject({ samples: 7 })
    const soft = changed(withTarget(0, [0.25, 0.75]))
    expect(await trained.fit(soft, { epochs: 3, batchSize: 4 })).toMatchObject({ completed: true })
  })

  it('is no success with another dataset after a stop within an epoch', async () => {
    const controller = new AbortController()
    await using trained = trainer([], 1, { callbacks: [{ onStep: () => controller.abort() }] })
    await trained.fit(dataset(), { ...options, signal: controller.signal })
    for (const length of [1, 4, 9]) {
      await expect(trained.fit(dataset(length), options)).rejects.toMatchObject({ kind: 'state' })
    }
    expect(trained.position).toEqual({ step: 1, epoch: 0, sample: 4 })
  })

  it('is no success with fewer epochs than are done', async () => {
    await using trained = trainer()
    await trained.fit(dataset(), options)
    await expect(trained.fit(dataset(), { ...options, epochs: 1 })).rejects.toMatchObject({
      kind: 'option',
      message: expect.stringContaining('counted from the start of the run'),
    })
  })

  it('gives no score: there is none before the first step', async () => {
    await using trained = trainer()
    expect(trained.score).toBeUndefined()
    await trained.fit(dataset(), options)
    expect(trained.score?.samples).toBe(10)
  })
})
