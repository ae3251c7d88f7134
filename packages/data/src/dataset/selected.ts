import { createHash } from 'node:crypto'
import type { Dataset } from '@convzoo/core'
import { isNumbers } from '@convzoo/core/define'
import { checkedIndex } from './checks.js'
import type { SampleDataset } from './samples.js'

/** Some samples of a dataset, in the order of these indices. */
export function selected(dataset: Dataset, indices: readonly number[]): Dataset {
  if (hasSelect(dataset)) return dataset.select(indices)
  const { specification, name, classes, imageShape, concurrency } = dataset
  const { length } = indices
  return {
    specification,
    name,
    length,
    classes,
    imageShape,
    ...(concurrency === undefined ? {} : { concurrency }),
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
  return 'labels' in dataset && isNumbers(dataset.labels) && dataset.labels.length === dataset.length
    ? dataset.labels
    : undefined
}
