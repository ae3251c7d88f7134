import { ConvzooError, type Preprocessing } from '@convzoo/core'
import type { DataSource, LoadOptions, StatisticsOptions } from '@convzoo/data'
import type { measuredMeans } from '../config/sections.js'
import { keepsBytes } from './preprocessing.js'

/**
 * The preprocessing of a run by what its training images are like: mean and deviation of each channel, or the mean image, whose values
 * keep the declared deviation; so do those of a network whose values keep the range of bytes.
 *
 * @throws ConvzooError of kind `data` if images cannot be read, or are all of one colour; the signal's reason if it was stopped.
 */
export async function byMeasuredMean(
  what: (typeof measuredMeans)[number],
  source: DataSource,
  options: LoadOptions & { readonly preprocessing: Preprocessing },
  watch: StatisticsOptions,
): Promise<Preprocessing> {
  const { trainingStatistics } = await import('@convzoo/data')
  const { meanImage, mean, standardDeviation } = await trainingStatistics(source, options, watch)
  const { preprocessing } = options
  if (what === 'image') return { ...preprocessing, mean: Array.from(meanImage) }
  if (keepsBytes(preprocessing)) return { ...preprocessing, mean }
  if (standardDeviation.every((deviation) => deviation > 0)) return { ...preprocessing, mean, standardDeviation }
  throw new ConvzooError({
    kind: 'data',
    message: `A channel of the training images of ${source.name} is the same everywhere: nothing can be divided by its deviation.`,
    expected: 'deviations greater than 0',
    received: standardDeviation.join(', '),
    hint: 'leave --mean out, or choose --mean image',
  })
}
