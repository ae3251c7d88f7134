import { ConvzooError, type Dataset, type Split } from '@convzoo/core'
import { formatShape, printable, sizeOf } from '@convzoo/core/define'
import type { BadImage } from '@convzoo/data'
import { prefetch, topClasses } from '@convzoo/trainer'
import type { UsedPlan } from '../plan.js'
import { badImagesOf } from '../source/bad-images.js'
import { lastSplit } from '../source/evaluated.js'
import { requireKnownClasses } from '../source/identity.js'
import { openSource } from '../source/open-source.js'
import { openOwnSource } from '../source/own-source.js'
import { loadOptionsOf } from '../source/run-data.js'
import type { OpenedNetwork } from './opened-network.js'

/** What the network takes an image for. */
export interface Prediction {
  /** Which image: its path, or its place. */
  readonly image: string
  /** Its true class, where that is known. */
  readonly truth?: string
  /** The most probable classes, the best first. */
  readonly top: readonly { readonly class: string; readonly probability: number }[]
}

/** Images of a source, by their places. */
export interface SampleChoice {
  /** Another source than the run's. */
  readonly data?: string | undefined
  /** The test split by default, or else the validation split. */
  readonly split?: Split | undefined
  /** Places in the split; the first by default. */
  readonly index?: readonly number[] | undefined
}

/** Images of a network, and what to call them. */
export interface ChosenImages {
  readonly images: Dataset
  readonly index: readonly number[]
  readonly nameOf: (index: number) => string
  readonly truthIsKnown: boolean
}

/** Images at a time. */
const batchSize = 100

/** What the network takes image files for, or all those in folders. */
export const predictFiles = async (
  run: OpenedNetwork,
  paths: readonly string[],
  top: number,
): Promise<readonly Prediction[]> => predictAll(run, await chosenFiles(run, paths), top)

/** Image files, and those in folders, as the network sees them, or as another plan says. */
export async function chosenFiles(
  run: OpenedNetwork,
  paths: readonly string[],
  plan: UsedPlan = run.plan,
): Promise<ChosenImages> {
  const { imageDataset, imageFiles } = await import('@convzoo/data')
  const classes = run.plan.classNames ?? Array.from({ length: run.plan.classes }, (_, label) => String(label))
  const listing = imageFiles(paths, classes)
  const images = imageDataset(listing, {
    ...loadOptionsOf(plan),
    maxBad: listing.images.length + listing.refused.length,
  })
  const index = listing.images.map((_, place) => place)
  return { images, index, nameOf: (place) => listing.images[place]?.name ?? '', truthIsKnown: false }
}

/** What the network takes images of a source for: of the run's own, or of another. */
export const predictSamples = async (
  run: OpenedNetwork,
  choice: SampleChoice,
  top: number,
): Promise<readonly Prediction[]> => predictAll(run, await chosenSamples(run, choice), top)

/** Images of a source as the network sees them, or as another plan says: of the run's own, or of another. */
export async function chosenSamples(
  run: OpenedNetwork,
  { data, split, index = [0] }: SampleChoice,
  plan: UsedPlan = run.plan,
): Promise<ChosenImages> {
  const { told } = run
  const { validationSplit } = plan.settings.data
  const source =
    data === undefined
      ? await openOwnSource(plan, told.warn)
      : await openSource({ source: data, validationSplit }, told.warn)
  const chosen = split ?? lastSplit(source)
  const images = await source.load(chosen, { ...loadOptionsOf(plan), allowOneClass: true })
  requireKnownClasses(plan.classNames ?? images.classes, images)
  return { images, index, nameOf: (place) => `${images.name} ${chosen} ${place}`, truthIsKnown: true }
}

/** What the network takes images for that were preprocessed already: [N, H, W, C], row-major. */
export async function predictArrays(
  run: OpenedNetwork,
  images: Float32Array,
  top: number,
): Promise<readonly Prediction[]> {
  const { input } = run.plan.settings.network
  const count = images.length / sizeOf(input)
  if (!Number.isSafeInteger(count)) {
    throw new ConvzooError({
      kind: 'shape',
      message: 'The array does not hold whole images of the network.',
      expected: `a multiple of ${sizeOf(input)} values: images of ${formatShape(input)}, preprocessed as the run says`,
      received: `${images.length} values`,
    })
  }
  const trainer = await run.ready({ predict: [{ samples: count, batchSize }] })
  const probabilities = await trainer.predict(images, { batchSize })
  const classes = classesOf(run)
  return Array.from({ length: count }, (_, row) => ({
    image: String(row),
    top: namedTop(probabilities.subarray(row * classes.length, (row + 1) * classes.length), classes, top),
  }))
}

async function predictAll(run: OpenedNetwork, chosen: ChosenImages, top: number): Promise<readonly Prediction[]> {
  const { images, index } = chosen
  try {
    return await predictEach(run, chosen, top)
  } catch (error) {
    const bad = badImagesOf(images)
    const isTheirs = ConvzooError.isInstance(error) && error.kind === 'data' && bad.length >= index.length
    throw isTheirs ? nothingPredicted(bad, error) : error
  } finally {
    const skipped = badImagesOf(images).map(({ name, reason }) => `skipped ${printable(name)}: ${printable(reason)}`)
    run.told.warn(skipped)
    await images.dispose?.()
  }
}

async function predictEach(
  run: OpenedNetwork,
  { images, index, nameOf, truthIsKnown }: ChosenImages,
  top: number,
): Promise<readonly Prediction[]> {
  const classes = run.classes ?? images.classes
  if (classes.length !== run.plan.classes) throw otherClasses(run.plan.classes, images)
  const trainer = await run.ready({ predict: [{ samples: index.length, batchSize }] })
  const own = images.classes.length
  const predictions: Prediction[] = []
  const onProgress = run.told.progress('predicted')
  const parts = Array.from({ length: Math.ceil(index.length / batchSize) }, (_, part) =>
    index.slice(part * batchSize, (part + 1) * batchSize),
  )
  const makers = parts.map((indices) => async () => ({ indices, batch: await images.batch(indices) }))
  let done = 0
  for await (const { item } of prefetch(makers, images)) {
    const { indices, batch } = item
    const probabilities = await trainer.predict(batch.images, { batchSize })
    const skipped = new Set(batch.skipped)
    for (const [row, place] of indices.entries()) {
      if (skipped.has(row)) continue
      const [truth] = topClasses(batch.targets.subarray(row * own, (row + 1) * own), 1)
      predictions.push({
        image: nameOf(place),
        ...(truthIsKnown ? { truth: images.classes[truth?.index ?? 0] ?? '' } : {}),
        top: namedTop(probabilities.subarray(row * classes.length, (row + 1) * classes.length), classes, top),
      })
    }
    images.recycle?.(batch)
    done += indices.length
    onProgress(done, index.length)
  }
  return predictions
}

const namedTop = (row: Float32Array, classes: readonly string[], top: number): Prediction['top'] =>
  topClasses(row, top).map(({ index, probability }) => ({ class: classes[index] ?? String(index), probability }))

const classesOf = ({ classes, plan }: OpenedNetwork): readonly string[] =>
  classes ?? Array.from({ length: plan.classes }, (_, label) => String(label))

/** Of images none of which could be used. */
function nothingPredicted(bad: readonly BadImage[], cause: unknown): ConvzooError {
  const named = bad.map(({ name, reason }) => `${printable(name)} (${printable(reason)})`)
  return new ConvzooError({
    kind: 'data',
    message: bad.length === 1 ? `${named[0]} cannot be predicted.` : `None of ${bad.length} images can be predicted.`,
    expected: 'JPEG, PNG, WebP, GIF, TIFF or AVIF files',
    ...(bad.length === 1 ? {} : { received: named.join(', ') }),
    cause,
  })
}

function otherClasses(expected: number, { name, classes }: Dataset): ConvzooError {
  return new ConvzooError({
    kind: 'shape',
    message: `${name} has other classes than the network was trained on.`,
    expected: `${expected} classes`,
    received: String(classes.length),
  })
}
