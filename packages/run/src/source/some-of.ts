import type { Dataset } from '@convzoo/core'
import type { BadImage } from '@convzoo/data'
import { badImagesOf } from './bad-images.js'

/** So many samples of a dataset, evenly spread over it, so that those of one class do not stand alone; all where it has no more. */
export function someOf(dataset: Dataset, count: number): Dataset {
  const { name, classes, imageShape, concurrency } = dataset
  if (count >= dataset.length) return dataset
  const placeOf = (index: number): number => Math.floor((index * dataset.length) / count)
  const some: Dataset & { readonly badImages: readonly BadImage[] } = {
    specification: 'dataset/v1',
    name,
    length: count,
    classes,
    imageShape,
    ...(concurrency === undefined ? {} : { concurrency }),
    batch: (indices, purpose) => dataset.batch(Array.from(indices, placeOf), purpose),
    ...(dataset.fingerprint === undefined ? {} : { fingerprint: async () => (await dataset.fingerprint?.()) ?? '' }),
    /** As those of {@link badImagesOf}. */
    get badImages(): readonly BadImage[] {
      return badImagesOf(dataset)
    },
    recycle: (batch) => dataset.recycle?.(batch),
    dispose: async () => {
      await dataset.dispose?.()
    },
  }
  return some
}
