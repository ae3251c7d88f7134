import {
  type Batch,
  type BatchPurpose,
  ConvzooError,
  type Dataset,
  type ImageShape,
  type Preprocessing,
} from '@convzoo/core'
import {
  boolean,
  defineOptions,
  describeValue,
  functionOf,
  imageShapeKind,
  indicesKind,
  integer,
  isArrayBuffer,
  isFloat32Array,
  isOptionsObject,
  matching,
  numberAbove,
  oneOf,
  optional,
  preprocessingKind,
  requireArguments,
} from '@convzoo/core/define'
import { threadCount } from '@convzoo/core/engine'
import { processors } from '@convzoo/files'
import { finisherOf } from '../augment/index.js'
import { type CacheOptions, cacheKinds, DatasetCache } from '../cache/index.js'
import { checkedIndex } from '../dataset/checks.js'
import { purposeKind, sampleParts } from '../dataset/kinds.js'
import { unitRange } from '../dataset/preprocess.js'
import { type BadImageOptions, BadImages, badImagePolicies } from './bad-images.js'
import type { Header } from './header.js'
import { imageFingerprint } from './image-fingerprint.js'
import { listingKind } from './kinds.js'
import type { BadImage, ImageListing } from './reference.js'
import { evenly } from './select.js'
import { SharedMemory } from './shared-memory.js'
import { WorkerPool } from './worker-pool.js'

export interface ImageDatasetOptions extends BadImageOptions, CacheOptions {
  /** [H, W, C] as the network takes them; C 1 or 3. */
  readonly imageShape: ImageShape
  /** Nothing but resizing and scaling to [0, 1] by default. */
  readonly preprocessing?: Preprocessing
  /** At most so many images, of every class about as many. */
  readonly limit?: number
  /** Threads that make batches; a quarter of the processors by default, so that training keeps the others. */
  readonly workers?: number
  /** Larger pictures are not decoded; 2^26 by default, which is 8192 × 8192. */
  readonly maxPixels?: number
  /** Decode a JPEG at a half, a quarter or an eighth where it is shrunk by more anyway; true by default. */
  readonly shrinkOnLoad?: boolean
}

/** A dataset of image files, and what it found of them. */
export interface ImageDataset extends Dataset {
  readonly concurrency: number
  /** Indices into `classes`, by image. */
  readonly labels: ArrayLike<number>
  /** The images that could not be used so far, in the order of the listing. */
  readonly badImages: readonly BadImage[]
  /** The name of the file or the member of an archive that a sample is, by its index. */
  nameOf(index: number): string
  fingerprint(): Promise<string>
  recycle(batch: Batch): void
  dispose(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/** As many pixels as are decoded at most. */
const defaultMaxPixels = 2 ** 26

/** What may be chosen of a dataset of images, checked. */
export const imageDatasetParts = {
  ...sampleParts,
  imageShape: imageShapeKind,
  preprocessing: optional(preprocessingKind, unitRange),
  workers: optional(threadCount),
  maxPixels: optional(integer(1), defaultMaxPixels),
  shrinkOnLoad: optional(boolean, true),
  onBadImage: optional(oneOf(...badImagePolicies)),
  maxBad: optional(
    matching('a number of at least 0', (given): given is number => typeof given === 'number' && given >= 0),
  ),
  cache: optional(oneOf(...cacheKinds)),
  cacheBytes: optional(numberAbove(0)),
  onWarning: optional(functionOf<NonNullable<CacheOptions['onWarning']>>()),
} as const

const parts = defineOptions(imageDatasetParts)

/** Memory kept for batches to come. */
const spareBatches = 4

/**
 * A dataset of the images of a listing. They are read, decoded and augmented by worker threads as they are asked for. The place of an
 * image that cannot be read is taken by the next of its class that can; evaluations leave such rows out.
 *
 * @throws ConvzooError of kind `option` for a bad option, of kind `data` if there is no image, or too many cannot be used.
 * @example
 * const { train } = await imageFolder('flowers')
 * const dataset = imageDataset(train, { imageShape: [227, 227, 3] })
 * const { images, targets } = await dataset.batch([0, 1, 2]) // Float32Array [3, 227, 227, 3], [3, classes]
 * await dataset.dispose()
 */
export function imageDataset(listing: ImageListing, given: ImageDatasetOptions): ImageDataset {
  requireArguments('imageDataset', { listing: [listingKind, listing] })
  const options = parts.parse('imageDataset', given)
  const { imageShape, preprocessing, limit, maxPixels, shrinkOnLoad } = options
  const workers = options.workers ?? Math.max(1, Math.floor(processors().count / 4))
  const { name, classes } = listing
  requireColours(imageShape)
  // Checked here, where the caller sees it; the workers do the same again.
  const finisher = finisherOf(imageShape, preprocessing)
  const images = limit === undefined ? listing.images : evenly(listing.images, limit)
  if (images.length === 0) throw noImages(listing)
  const bad = new BadImages(listing, images.length, options)
  const limits = { maxPixels, shrinkOnLoad }
  const cache = new DatasetCache(name, options)
  const pool = new WorkerPool(
    () => ({ shape: imageShape, preprocessing, classes: classes.length, limits, cache: cache.start }),
    workers,
  )
  const size = imageShape[0] * imageShape[1] * imageShape[2]
  const spare: Float32Array<ArrayBuffer>[] = []
  const shared = new SharedMemory()
  /** By index: what was found of a picture when it was first read. */
  const headers: (Header | undefined)[] = []
  let fingerprint: Promise<string> | undefined

  /** The image that stands at an index: itself, or the next of its class that can be read, or the next of any. */
  const standIn = (index: number): number => {
    if (!bad.has(index)) return index
    const label = images[index]?.label
    for (const same of [true, false]) {
      for (let step = 1; step < images.length; step++) {
        const candidate = (index + step) % images.length
        if (!bad.has(candidate) && (!same || images[candidate]?.label === label)) return candidate
      }
    }
    throw noImages(listing)
  }

  const arrayOf = (length: number): Float32Array<ArrayBuffer> => {
    const place = spare.findIndex((each) => each.length === length)
    return (place < 0 ? undefined : spare.splice(place, 1)[0]) ?? new Float32Array(length)
  }

  const takenOver = (from: Float32Array<SharedArrayBuffer>): Float32Array<ArrayBuffer> => {
    const array = arrayOf(from.length)
    array.set(from)
    shared.give(from)
    return array
  }

  const batch = async (indices: ArrayLike<number>, purpose?: BatchPurpose): Promise<Batch> => {
    requireArguments(`batch of the dataset ${name}`, {
      indices: [indicesKind, indices],
      purpose: [optional(purposeKind), purpose],
    })
    const form = finisher.form(purpose)
    const wanted = Array.from(indices, (index) => checkedIndex(index, images.length, name))
    while (true) {
      const chosen = wanted.map(standIn)
      const rows = chosen.flatMap((index, row) => {
        const image = images[index]
        if (image === undefined) return []
        return [{ sample: wanted[row] ?? 0, image, header: headers[index], picture: cache.get(form, index) }]
      })
      await prepared()
      const made = {
        images: shared.take(rows.length * size),
        targets: shared.take(rows.length * classes.length),
      }
      const answer = await pool.run({ rows, purpose, ...made })
      chosen.forEach((index, row) => {
        headers[index] = answer.headers[row] ?? headers[index]
        cache.add(form, index, answer.pictures[row])
      })
      cache.report(answer)
      if (answer.bad.length === 0) {
        const skipped = chosen.flatMap((index, row) => (index === wanted[row] ? [] : [row]))
        return {
          images: takenOver(made.images),
          targets: takenOver(made.targets),
          ...(skipped.length === 0 ? {} : { skipped }),
        }
      }
      shared.give(made.images)
      shared.give(made.targets)
      for (const { row, reason } of answer.bad) {
        const index = chosen[row] ?? 0
        if (!bad.has(index)) bad.add(index, { name: images[index]?.name ?? '', reason })
      }
    }
  }

  /** The decoder is loaded with the first batch, in the thread that starts the others. */
  const prepared = async (): Promise<void> => {
    const { decoderVersion, prepareDecoder } = await import('./decode.js')
    prepareDecoder()
    await cache.open([decoderVersion, imageShape[2], shrinkOnLoad, maxPixels].join(' '))
  }

  const keep = (array: Float32Array): void => {
    const { buffer } = array
    if (isArrayBuffer(buffer) && buffer.byteLength > 0 && spare.length < 2 * (workers + spareBatches)) {
      spare.push(new Float32Array(buffer))
    }
  }

  return {
    specification: 'dataset/v1',
    name,
    length: images.length,
    classes,
    imageShape,
    concurrency: workers,
    labels: Uint32Array.from(images, ({ label }) => label),
    batch,
    fingerprint() {
      fingerprint ??= imageFingerprint(classes, images)
      return fingerprint
    },
    recycle: (done) => {
      requireArguments(`recycle of the dataset ${name}`, { batch: [batchKind, done] })
      keep(done.images)
      keep(done.targets)
    },
    nameOf(index) {
      requireArguments(`nameOf of the dataset ${name}`, { index: [integer(0), index] })
      return images[checkedIndex(index, images.length, name)]?.name ?? ''
    },
    get badImages() {
      return bad.report
    },
    dispose: () => pool.end(),
    [Symbol.asyncDispose]: () => pool.end(),
  }
}

const batchKind = matching(
  'a batch, as the dataset gives it',
  (given): given is Batch =>
    isOptionsObject(given) &&
    'images' in given &&
    isFloat32Array(given.images) &&
    'targets' in given &&
    isFloat32Array(given.targets),
)

export function requireColours(shape: ImageShape): void {
  if (shape[2] === 1 || shape[2] === 3) return
  throw new ConvzooError({
    kind: 'option',
    message: 'The option "imageShape" asks for channels that photographs do not have.',
    expected: '1 channel (grey) or 3 (red, green, blue)',
    received: describeValue(shape),
  })
}

function noImages({ name, refused }: ImageListing): ConvzooError {
  const [first] = refused
  return new ConvzooError({
    kind: 'data',
    message: `${name} has no image that can be used.`,
    expected: 'JPEG, PNG, WebP, GIF, TIFF or AVIF files',
    ...(first === undefined
      ? {}
      : { received: `${refused.length} that cannot, such as ${first.name}: ${first.reason}` }),
  })
}
