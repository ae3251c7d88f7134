import { ConvzooError, type Preprocessing } from '@convzoo/core'
import { byteArithmetic, internalError, isUint8Array, sizeOf } from '@convzoo/core/define'
import { uniformForSamples } from '@convzoo/core/engine'
import type { OpenedNetwork } from '../opened/opened-network.js'
import type { UsedPlan } from '../plan.js'
import { lastSplit } from '../source/evaluated.js'
import { openSource } from '../source/open-source.js'
import { openOwnSource } from '../source/own-source.js'
import { loadOptionsOf } from '../source/run-data.js'
import type { Comparison } from './options.js'

/** Between probabilities in float32, of one runtime and another. */
const tolerance = 1e-4

/** Images, as a model takes them, and what the network makes of them. */
export interface Compared {
  readonly images: Float32Array | Uint8Array
  readonly takesBytes: boolean
  readonly count: number
  readonly wanted: Float32Array
}

interface Wanted {
  readonly data: string | undefined
  /** Images. */
  readonly most: number
  /** Whether the model takes bytes, and the network what preprocessing makes of them. */
  readonly takesBytes: boolean
}

/** What a network makes of a few images: real ones; where the run's are not there any more, noise, which is said. */
export async function predictedBy(run: OpenedNetwork, { data, most, takesBytes }: Wanted): Promise<Compared> {
  const { plan } = run
  const asTaken = takesBytes ? { ...plan, preprocessing: unscaled(plan.preprocessing) } : plan
  const taken = await imagesOf(run, asTaken, { data, most })
  const images = takesBytes ? Uint8Array.from(taken, (value) => Math.round(value * 255)) : taken
  const count = images.length / sizeOf(plan.settings.network.input)
  const seen = isUint8Array(images) ? await preprocessed(images, plan) : images
  const trainer = await run.ready({ predict: [{ samples: count, batchSize: count }] })
  return { images, takesBytes, count, wanted: await trainer.predict(seen, { batchSize: count }) }
}

/** A model that was written, and what gives its folder or file back. */
interface Opened {
  run(images: Float32Array | Uint8Array): Promise<Float32Array>
  dispose(): Promise<void>
}

/** @throws ConvzooError of kind `internal` if a model makes something else of the same images: then it was not written rightly. */
export async function requireSame({ images, takesBytes, wanted, count }: Compared, model: Opened): Promise<Comparison> {
  const given = await model.run(images).finally(() => model.dispose())
  const greatestDifference = greatestBetween(wanted, given)
  if (greatestDifference <= tolerance) return { images: count, takesBytes, greatestDifference }
  throw internalError(`The model differs from the run by ${greatestDifference}: it was not written.`)
}

/**
 * Finds out beforehand whether the preprocessing can stand in a model; of one that is left to others, says what they have no means for.
 *
 * @throws ConvzooError of kind `option` if pictures are whitened by a matrix that is not known.
 */
export function requireArithmetic({ plan, told }: OpenedNetwork, takesBytes: boolean): void {
  if (takesBytes) byteArithmetic(plan.preprocessing, plan.settings.network.input)
  else if (plan.preprocessing.whitening !== undefined) {
    told.warn('The model takes pictures that are whitened; --with-preprocessing puts the matrix for it into the model.')
  }
}

/** The geometry of preprocessing alone: values in [0, 1]. */
function unscaled({ resize, shorterSide }: Preprocessing): Preprocessing {
  return { resize, mean: [0], standardDeviation: [1], ...(shorterSide === undefined ? {} : { shorterSide }) }
}

/** What the network sees of pictures of its input's size. */
async function preprocessed(bytes: Uint8Array, { settings, preprocessing }: UsedPlan): Promise<Float32Array> {
  const { arrayDataset } = await import('@convzoo/data')
  const { input } = settings.network
  const { shorterSide: _, augmentation: __, ...arithmetic } = preprocessing
  const labels = Array.from({ length: bytes.length / sizeOf(input) }, () => 0)
  const pictures = { images: bytes, shape: input, labels, imageShape: input, preprocessing: arithmetic }
  const { images } = await arrayDataset(pictures).batch(labels.map((_label, place) => place))
  return images
}

async function imagesOf(
  run: OpenedNetwork,
  plan: UsedPlan,
  { data, most }: Pick<Wanted, 'data' | 'most'>,
): Promise<Float32Array> {
  const { told } = run
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
