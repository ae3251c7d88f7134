import { setImmediate } from 'node:timers/promises'
import { ConvzooError, type FittedWhitening, type Preprocessing } from '@convzoo/core'
import {
  fieldsOf,
  formatShape,
  integer,
  optional,
  preprocessingKind,
  requireArguments,
  withMethods,
} from '@convzoo/core/define'
import { mostWhitened, normalizeContrast } from '../augment/whitening.js'
import { loadKind } from '../sources/data-source.js'
import type { DataSource, LoadOptions } from '../sources/index.js'
import { batchesInOrder, noImages } from './batches-in-order.js'
import { symmetricEigen } from './symmetric-eigen.js'
import { type StatisticsOptions, watchParts } from './training-statistics.js'

/** So many of the training images make the covariance: more hardly change it. */
const mostImages = 10_000

/** Milliseconds of computing between two chances for others. */
const slice = 20

/**
 * The whitening that a preprocessing asks for, fitted to training images as an evaluation would see them: to the first 10,000. A picture of
 * 3072 values takes minutes: they grow with the third power of its size.
 *
 * @throws ConvzooError of kind `option` if none is asked for, or pictures are too large; of kind `data` if too many cannot be used.
 * @example
 * const fitted = await fitWhitening(await openData('cifar10'), { imageShape: [32, 32, 3], preprocessing: nin.tags.cifar10.preprocessing })
 */
export async function fitWhitening(
  source: Pick<DataSource, 'name' | 'load'>,
  options: LoadOptions & { readonly preprocessing: Preprocessing },
  watch: StatisticsOptions = {},
): Promise<FittedWhitening> {
  requireArguments('fitWhitening', {
    source: [withMethods<Pick<DataSource, 'name' | 'load'>>('a source, as openData(…) gives it', 'load'), source],
    options: [loadKind, options],
    preprocessing: [preprocessingKind, fieldsOf(options).preprocessing],
    limit: [optional(integer(1)), fieldsOf(options).limit],
  })
  const { onProgress, signal } = watchParts.parse('fitWhitening', watch)
  const { whitening, ...plain } = options.preprocessing
  if (whitening === undefined) throw unfit('No whitening is asked for.', '{ preprocessing: { whitening } }', 'none')
  const limit = Math.min(options.limit ?? mostImages, mostImages)
  const dataset = await source.load('train', { ...options, limit, preprocessing: { ...plain, augmentation: [] } })
  const size = dataset.imageShape.reduce((product, length) => product * length, 1)
  const breathe = pacedBy(signal)
  const rows = Array.from({ length: size <= mostWhitened ? size : 0 }, () => new Float64Array(size))
  const mean = new Float64Array(size)
  let images = 0
  let done = 0
  try {
    if (size > mostWhitened) {
      throw unfit(
        `Pictures ${formatShape(dataset.imageShape)} are too large to be whitened.`,
        `at most ${mostWhitened} values, such as an input of 32x32x3`,
        String(size),
      )
    }
    for await (const batch of batchesInOrder(dataset, signal)) {
      const skipped = new Set(batch.skipped)
      const count = batch.images.length / size
      for (let row = 0; row < count; row++) {
        if (skipped.has(row)) continue
        const picture = batch.images.slice(row * size, (row + 1) * size)
        normalizeContrast(picture, whitening.contrast)
        addTo(rows, mean, picture)
        images++
        await breathe()
      }
      dataset.recycle?.(batch)
      done += count
      onProgress?.(done, dataset.length)
    }
  } finally {
    await dataset.dispose?.()
  }
  if (images === 0) throw noImages(source.name)
  for (let at = 0; at < size; at++) mean[at] = (mean[at] ?? 0) / images
  covariance(rows, mean, images)
  return { mean: Float32Array.from(mean), matrix: await inverseRoot(rows, whitening.epsilon, breathe) }
}

/** Adds a picture to the sums, and its products to the upper triangle. */
function addTo(rows: readonly Float64Array[], sums: Float64Array, picture: Float32Array): void {
  rows.forEach((row, i) => {
    const value = picture[i] ?? 0
    sums[i] = (sums[i] ?? 0) + value
    for (let j = i; j < picture.length; j++) row[j] = (row[j] ?? 0) + value * (picture[j] ?? 0)
  })
}

/** Makes the covariance of sums of products. */
function covariance(rows: readonly Float64Array[], mean: Float64Array, images: number): void {
  rows.forEach((row, i) => {
    for (let j = i; j < row.length; j++) {
      const value = (row[j] ?? 0) / images - (mean[i] ?? 0) * (mean[j] ?? 0)
      row[j] = value
      const mirrored = rows[j]
      if (mirrored !== undefined) mirrored[i] = value
    }
  })
}

/** (C + epsilon · 1)^(−1/2), row-major. */
async function inverseRoot(
  rows: readonly Float64Array[],
  epsilon: number,
  breathe: () => Promise<void>,
): Promise<Float32Array> {
  const size = rows.length
  const { values, vectors } = await symmetricEigen(rows, breathe)
  const root = new Float64Array(size * size)
  for (const [at, vector] of vectors.entries()) {
    await breathe()
    // Rounding may leave a variance of 0 a little below it.
    const factor = 1 / Math.sqrt(Math.max(values[at] ?? 0, 0) + epsilon)
    for (let i = 0; i < size; i++) {
      const share = factor * (vector[i] ?? 0)
      for (let j = 0, to = i * size; j < size; j++, to++) root[to] = (root[to] ?? 0) + share * (vector[j] ?? 0)
    }
  }
  return Float32Array.from(root)
}

/** Lets others go on after a while, and stops with the signal's reason. */
function pacedBy(signal: AbortSignal | undefined): () => Promise<void> {
  let since = performance.now()
  return async () => {
    if (performance.now() - since < slice) return
    await setImmediate()
    signal?.throwIfAborted()
    since = performance.now()
  }
}

const unfit = (message: string, expected: string, received: string): ConvzooError =>
  new ConvzooError({ kind: 'option', message, expected, received })
