import type { Batch, BatchPurpose, Dataset } from '@convzoo/core'
import type { BadImage } from '@convzoo/data'
import { badImagesOf } from './bad-images.js'

/** Several splits of a source as one dataset, one after the other. */
export function joined(first: Dataset, ...others: readonly Dataset[]): Dataset {
  if (others.length === 0) return first
  const datasets = [first, ...others]
  const starts = datasets.map((_, place) => datasets.slice(0, place).reduce((sum, { length }) => sum + length, 0))
  const placeOf = (index: number): number => starts.findLastIndex((start) => start <= index)
  const size = first.imageShape.reduce((product, length) => product * length, 1)

  async function batch(given: ArrayLike<number>, purpose?: BatchPurpose): Promise<Batch> {
    const indices = Array.from(given)
    const images = new Float32Array(indices.length * size)
    const targets = new Float32Array(indices.length * first.classes.length)
    const skipped: number[] = []
    for (const [place, dataset] of datasets.entries()) {
      const rows = indices.flatMap((index, row) => (placeOf(index) === place ? [row] : []))
      if (rows.length === 0) continue
      const own = rows.map((row) => (indices[row] ?? 0) - (starts[place] ?? 0))
      const part = await dataset.batch(own, purpose)
      for (const [at, row] of rows.entries()) {
        images.set(part.images.subarray(at * size, (at + 1) * size), row * size)
        const { length } = first.classes
        targets.set(part.targets.subarray(at * length, (at + 1) * length), row * length)
      }
      skipped.push(...(part.skipped ?? []).map((at) => rows[at] ?? 0))
      dataset.recycle?.(part)
    }
    return { images, targets, ...(skipped.length === 0 ? {} : { skipped: skipped.sort((a, b) => a - b) }) }
  }

  const all: Dataset & { readonly badImages: readonly BadImage[] } = {
    specification: 'dataset/v1',
    name: first.name,
    length: datasets.reduce((sum, { length }) => sum + length, 0),
    classes: first.classes,
    imageShape: first.imageShape,
    batch,
    ...(first.concurrency === undefined ? {} : { concurrency: first.concurrency }),
    /** As those of {@link badImagesOf}. */
    get badImages(): readonly BadImage[] {
      return datasets.flatMap((dataset) => badImagesOf(dataset))
    },
    dispose: async () => {
      await Promise.all(datasets.map((dataset) => dataset.dispose?.()))
    },
  }
  return all
}
