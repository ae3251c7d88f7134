import type { Batch, BatchPurpose, Dataset } from '@convzoo/core'
import { batchOf, requireDistributions, requirePlausibleImages, requireWholeBatch } from './checked-batch.js'

/** A batch with where its samples stand. */
export interface PlacedBatch extends Batch {
  readonly size: number
  /** Each sample's place in the epoch: what random numbers depend on. */
  readonly sampleIndices: Uint32Array
}

/** The sizes of the batches of `samples` samples: full ones, and a smaller last one if they do not divide. */
export function batchSizesOf(samples: number, batchSize: number): readonly number[] {
  const tail = samples % batchSize
  return [...(samples >= batchSize ? [batchSize] : []), ...(tail > 0 ? [tail] : [])]
}

/**
 * One function a batch, in order; each reads its batch when it is called. `order` lists the dataset's indices in the order of the
 * epoch, which starts at place `from`; `purpose` says what the batch is for that starts at a place. The last batch may be smaller. Targets are checked in each, images in the first one.
 */
export function* batchMakers(
  dataset: Dataset,
  order: Uint32Array,
  batchSize: number,
  { from = 0, purpose }: { readonly from?: number; readonly purpose?: (start: number) => BatchPurpose } = {},
): Generator<() => Promise<PlacedBatch>, void, undefined> {
  for (let start = from; start < order.length; start += batchSize) {
    const indices = order.subarray(start, Math.min(start + batchSize, order.length))
    yield async () => {
      const batch = await dataset.batch(indices, purpose?.(start))
      requireWholeBatch(dataset, batch, indices.length)
      requireDistributions(dataset, batch.targets, indices.length)
      if (start === from) requirePlausibleImages(batch.images, batchOf(dataset.name))
      const sampleIndices = Uint32Array.from(indices, (_, place) => start + place)
      return { ...batch, size: indices.length, sampleIndices }
    }
  }
}

/**
 * The batches of an evaluation in which every image is seen in so many of the dataset's views: each batch in all of them, one after
 * the other. Of one view, the dataset is not asked for it by number.
 */
export function* viewedBatchMakers(
  dataset: Dataset,
  order: Uint32Array,
  batchSize: number,
  views: number,
): Generator<() => Promise<PlacedBatch>, void, undefined> {
  if (views === 1) return yield* batchMakers(dataset, order, batchSize)
  const purposes = Array.from({ length: views }, (_, view) => ({ training: false, seed: 0, epoch: 0, view }))
  const byView = purposes.map((purpose) => [...batchMakers(dataset, order, batchSize, { purpose: () => purpose })])
  for (let batch = 0; batch * batchSize < order.length; batch++) {
    for (const makers of byView) yield* makers.slice(batch, batch + 1)
  }
}
