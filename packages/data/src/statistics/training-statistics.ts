import type { Preprocessing } from '@convzoo/core'
import {
  abortSignal,
  defineOptions,
  fieldsOf,
  functionOf,
  optional,
  preprocessingKind,
  requireArguments,
  withMethods,
} from '@convzoo/core/define'
import { unitRange } from '../dataset/preprocess.js'
import { loadKind } from '../sources/data-source.js'
import type { DataSource, LoadOptions } from '../sources/index.js'
import { batchesInOrder, noImages } from './batches-in-order.js'
import { ChannelMoments } from './channel-moments.js'

/** What the training images of a source are like, of values in [0, 1]. */
export interface TrainingStatistics {
  /** Those that could be read. */
  readonly images: number
  /** [H, W, C], row-major: what the images are like at each place. Krizhevsky et al. 2012, §2. */
  readonly meanImage: Float32Array
  /** Per channel. */
  readonly mean: readonly number[]
  /** Per channel, around its mean. */
  readonly standardDeviation: readonly number[]
}

export interface StatisticsOptions {
  readonly onProgress?: ((done: number, total: number) => void) | undefined
  /** Stops after the batch that is under way; the promise is rejected with the signal's reason. */
  readonly signal?: AbortSignal | undefined
}

export const watchParts = defineOptions({
  onProgress: optional(functionOf<(done: number, total: number) => void>()),
  signal: optional(abortSignal),
})

/**
 * Goes once through the training images as an evaluation would see them: resized and cut out in the centre as the options say, without
 * augmentation. The sums are made in the order of the images, so that any number of workers gives the same bits.
 *
 * @throws ConvzooError of kind `data` if too many images cannot be used, of kind `option` for a bad option.
 * @example
 * const source = await openData('flowers')
 * const { meanImage } = await trainingStatistics(source, { imageShape: [227, 227, 3] })
 */
export async function trainingStatistics(
  source: Pick<DataSource, 'name' | 'load'>,
  options: LoadOptions,
  watch: StatisticsOptions = {},
): Promise<TrainingStatistics> {
  requireArguments('trainingStatistics', {
    source: [withMethods<Pick<DataSource, 'name' | 'load'>>('a source, as openData(…) gives it', 'load'), source],
    options: [loadKind, options],
  })
  const given = fieldsOf(options)
  requireArguments('trainingStatistics', { preprocessing: [optional(preprocessingKind), given.preprocessing] })
  const { onProgress, signal } = watchParts.parse('trainingStatistics', watch)
  const { mean, standardDeviation } = unitRange
  const { whitening: _, ...seen }: Partial<Preprocessing> = options.preprocessing ?? {}
  const preprocessing = { ...unitRange, ...seen, mean, standardDeviation, augmentation: [] }
  const dataset = await source.load('train', { ...options, ...given, preprocessing })
  const size = dataset.imageShape.reduce((product, length) => product * length, 1)
  const sums = new Float64Array(size)
  const moments = new ChannelMoments(dataset.imageShape[2])
  let images = 0
  let done = 0
  try {
    for await (const batch of batchesInOrder(dataset, signal)) {
      const rows = batch.images.length / size
      const skipped = new Set(batch.skipped)
      for (let row = 0; row < rows; row++) {
        if (skipped.has(row)) continue
        const image = batch.images.subarray(row * size, (row + 1) * size)
        for (let at = 0; at < size; at++) sums[at] = (sums[at] ?? 0) + (image[at] ?? 0)
        moments.add(image, 1)
        images++
      }
      dataset.recycle?.(batch)
      done += rows
      onProgress?.(done, dataset.length)
    }
  } finally {
    await dataset.dispose?.()
  }
  if (images === 0) throw noImages(source.name)
  return {
    images,
    meanImage: Float32Array.from(sums, (sum) => sum / images),
    mean: moments.mean,
    standardDeviation: moments.standardDeviation,
  }
}
