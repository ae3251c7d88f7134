import { type Batch, ConvzooError, type Dataset } from '@convzoo/core'

/** Images at a time. */
const batchSize = 32

/** All batches of a dataset, several in the making at once where it can. */
export async function* batchesInOrder(dataset: Dataset, signal: AbortSignal | undefined): AsyncGenerator<Batch> {
  const making: Promise<Batch>[] = []
  for (let start = 0; start < dataset.length || making.length > 0; ) {
    signal?.throwIfAborted()
    while (start < dataset.length && making.length < (dataset.concurrency ?? 1) + 1) {
      const length = Math.min(batchSize, dataset.length - start)
      const first = start
      const batch = dataset.batch(Array.from({ length }, (_, row) => first + row))
      // Whoever waits for it is told; if an earlier one fails, nobody does.
      batch.catch(() => undefined)
      making.push(batch)
      start += length
    }
    const next = await making.shift()
    if (next !== undefined) yield next
  }
}

/** Of a source none of whose training images can be used. */
export function noImages(name: string): ConvzooError {
  return new ConvzooError({
    kind: 'data',
    message: `${name} has no training image that can be used.`,
    expected: 'one at least',
    received: 'none',
  })
}
