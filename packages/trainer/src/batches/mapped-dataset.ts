import type { Dataset } from '@convzoo/core'
import { requireWholeBatch } from './checked-batch.js'

/**
 * A dataset whose targets are laid out by other classes: those of a model, which has them in another order, or has more of them. What is
 * asked of it is asked of the dataset itself.
 *
 * @param places The place of each of the dataset's classes among `classes`.
 */
export function mappedDataset(dataset: Dataset, classes: readonly string[], places: readonly number[]): Dataset {
  const { name, length, imageShape, concurrency, labels } = dataset
  /** The dataset's own targets by those that were made of them: it takes back what it gave. */
  const originals = new WeakMap<Float32Array, Float32Array>()
  return {
    specification: 'dataset/v1',
    name,
    length,
    classes,
    imageShape,
    ...(concurrency === undefined ? {} : { concurrency }),
    ...(labels === undefined ? {} : { labels: Array.from(labels, (label) => places[label] ?? -1) }),
    async batch(indices, purpose) {
      const batch = await dataset.batch(indices, purpose)
      requireWholeBatch(dataset, batch, indices.length)
      const targets = new Float32Array(indices.length * classes.length)
      for (let row = 0; row < indices.length; row++) {
        for (const [column, place] of places.entries()) {
          targets[row * classes.length + place] = batch.targets[row * places.length + column] ?? Number.NaN
        }
      }
      originals.set(targets, batch.targets)
      return { ...batch, targets }
    },
    recycle(batch) {
      dataset.recycle?.({ ...batch, targets: originals.get(batch.targets) ?? batch.targets })
    },
  }
}
