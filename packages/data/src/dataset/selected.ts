import { createHash } from 'node:crypto'
import type { Dataset } from '@convzoo/core'
import { isNumbers } from '@convzoo/core/define'
import { checkedIndex } from './checks.js'
import type { SampleDataset } from './samples.js'

/** Some samples of a dataset, in the order of these indices. */
export function selected(dataset: Dataset, indices: readonly number[]): Dataset {
  if (hasSelect(dataset)) return dataset.select(indices)
  const { specification, name, classes, imageShape, concurrency } = dataset
  const labels = labelsOf(dataset)
  const { length } = indices
  return {
    specification,
    name,
    length,
    classes,
    imageShape,
    ...(concurrency === undefined ? {} : { concurrency }),
    ...(labels === undefined ? {} : { labels: indices.map((index) => labels[index] ?? 0) }),
    batch: async (chosen, purpose) =>
      dataset.batch(
        Array.from(chosen, (index) => indices[checkedIndex(index, length, name)] ?? 0),
        purpose,
      ),
    ...(dataset.fingerprint === undefined
      ? {}
      : {
          fingerprint: async () =>
            createHash('sha256')
              .update(`${await dataset.fingerprint?.()}\n${JSON.stringify(indices)}`)
              .digest('hex'),
        }),
    recycle: (batch) => dataset.recycle?.(batch),
    dispose: async () => dataset.dispose?.(),
  }
}

const hasSelect = (dataset: Dataset): dataset is SampleDataset =>
  'select' in dataset && typeof dataset.select === 'function'

/** The class of each sample by its index, where the dataset says it. */
export function labelsOf(dataset: Dataset): ArrayLike<number> | undefined {
  const { labels, length } = dataset
  return labels !== undefined && isNumbers(labels) && labels.length === length ? labels : undefined
}
