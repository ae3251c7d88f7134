import { type Batch, ConvzooError, type Dataset, type ImageShape, type Preprocessing } from '@convzoo/core'
import { indicesKind, isFloat32Array, optional, requireArguments } from '@convzoo/core/define'
import { mixBatch } from '../augment/index.js'
import { augmenter } from './augmenter.js'
import { checkedIndex, checkedLimit } from './checks.js'
import { addSample, startFingerprint } from './fingerprint.js'
import { purposeKind } from './kinds.js'
import { preprocessor, unitRange } from './preprocess.js'
import { inTimeSlices } from './time-slices.js'

/** What may be chosen of any dataset of images. */
export interface SampleOptions {
  /** [H, W, C] as the network takes them; as they are stored by default. Grey images are repeated over the channels. */
  readonly imageShape?: ImageShape | undefined
  /** Nothing but scaling to [0, 1] by default. */
  readonly preprocessing?: Preprocessing | undefined
  /** At most this many samples: the first ones. */
  readonly limit?: number | undefined
}

/** Images and their classes in memory. */
export interface Samples {
  readonly name: string
  readonly length: number
  /** [H, W, C] of each. */
  readonly shape: ImageShape
  /** [N, H, W, C], row-major. */
  readonly images: Uint8Array | Float32Array
  /** The stored value that means 1. */
  readonly one: number
  /** Indices into `classes`, [N]. */
  readonly labels: ArrayLike<number>
  readonly classes: readonly string[]
}

/** A dataset of samples in memory. */
export interface SampleDataset extends Dataset {
  /** Indices into `classes`, by sample. */
  readonly labels: ArrayLike<number>
  fingerprint(): Promise<string>
  /** The same of some of its samples. */
  select(indices: ArrayLike<number>): SampleDataset
}

/** The samples behind core's contract. */
export function datasetOf(samples: Samples, options: SampleOptions): SampleDataset {
  const { limit } = options
  const length = Math.min(samples.length, limit === undefined ? samples.length : checkedLimit(limit))
  return chosenOf(
    samples,
    options,
    Uint32Array.from({ length }, (_, index) => index),
  )
}

function chosenOf(samples: Samples, options: SampleOptions, places: Uint32Array): SampleDataset {
  const { name, shape, images, one, classes } = samples
  const { imageShape = shape, preprocessing = unitRange } = options
  const { length } = places
  const preprocess = preprocessor({ from: shape, to: imageShape, preprocessing, one })
  const augment = augmenter({ from: shape, to: imageShape, preprocessing, one })
  const storedSize = shape[0] * shape[1] * shape[2]
  const size = imageShape[0] * imageShape[1] * imageShape[2]
  const labels = Uint32Array.from(places, (place) => samples.labels[place] ?? 0)
  const stored = (place: number): Uint8Array | Float32Array =>
    images.subarray(place * storedSize, (place + 1) * storedSize)
  let fingerprint: Promise<string> | undefined

  const measure = async (): Promise<string> => {
    const hash = startFingerprint(classes).update(`${JSON.stringify([shape, one])}\n`)
    await inTimeSlices(length, (index) => {
      const { buffer, byteOffset, byteLength } = stored(places[index] ?? 0)
      addSample(hash, new Uint8Array(buffer, byteOffset, byteLength), byteLength, classes[labels[index] ?? 0] ?? '')
    })
    return hash.digest('hex')
  }

  return {
    specification: 'dataset/v1',
    name,
    length,
    classes,
    imageShape,
    labels,
    async batch(indices, purpose): Promise<Batch> {
      requireArguments(`batch of the dataset ${name}`, {
        indices: [indicesKind, indices],
        purpose: [optional(purposeKind), purpose],
      })
      const chosen = Uint32Array.from(indices, (index) => places[checkedIndex(index, length, name)] ?? 0)
      const batch = {
        images: new Float32Array(chosen.length * size),
        targets: new Float32Array(chosen.length * classes.length),
      }
      await inTimeSlices(chosen.length, (row) => {
        const place = chosen[row] ?? 0
        const image = stored(place)
        if (isFloat32Array(image)) requireFinite(image, place, name)
        if (augment === undefined) preprocess(image, batch.images, row * size)
        else augment(image, purpose, place, batch.images, row * size)
        batch.targets[row * classes.length + (samples.labels[place] ?? 0)] = 1
      })
      const [first] = chosen
      if (purpose?.training === true && first !== undefined) {
        mixBatch(batch, imageShape, preprocessing.augmentation ?? [], purpose, first)
      }
      return batch
    },
    fingerprint() {
      fingerprint ??= measure()
      return fingerprint
    },
    select(indices) {
      requireArguments(`select of the dataset ${name}`, { indices: [indicesKind, indices] })
      const chosen = Uint32Array.from(indices, (index) => places[checkedIndex(index, length, name)] ?? 0)
      return chosenOf(samples, options, chosen)
    },
  }
}

/** As many labels as images, each the index of a class. Without class names, those are `'0'` to the largest label. */
export function checkedClasses(
  subject: string,
  labels: ArrayLike<number>,
  images: number,
  classes: readonly string[] | undefined,
): readonly string[] {
  if (labels.length !== images) {
    throw new ConvzooError({
      kind: 'data',
      message: `${subject} does not have one label for each image.`,
      expected: `${images} labels for ${images} images`,
      received: `${labels.length} labels`,
      hint: 'give the images and the labels of the same split',
    })
  }
  const known = classes?.length ?? 2 ** 16
  let largest = 0
  for (let index = 0; index < labels.length; index++) {
    const label = labels[index] ?? Number.NaN
    if (!Number.isInteger(label) || label < 0 || label >= known) {
      throw new ConvzooError({
        kind: 'data',
        message: `${subject} gives sample ${index} a label that is not a class.`,
        expected: `a whole number from 0 to ${known - 1}`,
        received: String(label),
        ...(classes === undefined ? {} : { hint: `name all classes: these are ${classes.length}` }),
      })
    }
    largest = Math.max(largest, label)
  }
  return classes ?? Array.from({ length: largest + 1 }, (_, label) => String(label))
}

function requireFinite(image: Float32Array, index: number, name: string): void {
  const wrong = image.find((value) => !Number.isFinite(value))
  if (wrong === undefined) return
  throw new ConvzooError({
    kind: 'data',
    message: `The dataset ${name} has a pixel in sample ${index} that is not a number.`,
    expected: 'finite numbers, in [0, 1] by custom',
    received: String(wrong),
  })
}
