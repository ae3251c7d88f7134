import { ConvzooError } from '@convzoo/core'
import { internalError, sizeOf } from '@convzoo/core/define'
import { uniformForSamples } from '@convzoo/core/engine'
import type { OpenedNetwork } from '../opened/opened-network.js'
import { lastSplit } from '../source/evaluated.js'
import { openSource } from '../source/open-source.js'
import { openOwnSource } from '../source/own-source.js'
import { loadOptionsOf } from '../source/run-data.js'
import type { Comparison } from './options.js'

/** Between probabilities in float32, of one runtime and another. */
const tolerance = 1e-4

/** Images, and what a network makes of them. */
export interface Compared {
  readonly images: Float32Array
  readonly count: number
  readonly wanted: Float32Array
}

/**
 * What a network makes of a few images: real ones; where the run's are not there any more, noise, which is said.
 *
 * @param most Images.
 */
export async function predictedBy(run: OpenedNetwork, data: string | undefined, most: number): Promise<Compared> {
  const images = await imagesOf(run, data, most)
  const count = images.length / sizeOf(run.plan.settings.network.input)
  const trainer = await run.ready({ predict: [{ samples: count, batchSize: count }] })
  return { images, count, wanted: await trainer.predict(images, { batchSize: count }) }
}

/** @throws ConvzooError of kind `internal` if a model makes something else of the same images: then it was not written rightly. */
export function requireSame({ wanted, count }: Compared, given: Float32Array): Comparison {
  const greatestDifference = greatestBetween(wanted, given)
  if (greatestDifference <= tolerance) return { images: count, greatestDifference }
  throw internalError(`The model differs from the run by ${greatestDifference}: it was not written.`)
}

async function imagesOf(run: OpenedNetwork, data: string | undefined, most: number): Promise<Float32Array> {
  const { plan, told } = run
  const { validationSplit } = plan.settings.data
  try {
    const source =
      data === undefined
        ? await openOwnSource(plan, told.warn)
        : await openSource({ source: data, validationSplit }, told.warn)
    const options = { ...loadOptionsOf(plan, most), allowOneClass: true }
    const dataset = run.keep(await source.load(lastSplit(source), options))
    const places = Array.from({ length: Math.min(most, dataset.length) }, (_, place) => place)
    const { images } = await dataset.batch(places)
    return images
  } catch (error) {
    const isAway = ConvzooError.isInstance(error) && (error.kind === 'file' || plan.settings.data.source === undefined)
    if (data !== undefined || !isAway) throw error
    told.warn(`${error.sentence} The model is compared on noise instead.`)
    const noise = new Float32Array(most * sizeOf(plan.settings.network.input))
    const sampleIndices = Array.from({ length: most }, (_, place) => place)
    uniformForSamples({ seed: [0, 0], stream: 'noise', step: 0, sampleIndices }, noise)
    return noise
  }
}

/** NaN where one of them has NaN, or they are not of one length. */
const greatestBetween = (a: Float32Array, b: Float32Array): number =>
  a.length === b.length
    ? a.reduce((most, value, place) => Math.max(most, Math.abs(value - (b[place] ?? 0))), 0)
    : Number.NaN
