import type { Augmentation, BatchPurpose, ImageShape, Preprocessing } from '@convzoo/core'
import { normalizationOf } from '@convzoo/core/define'
import { requirePreprocessing } from './check.js'
import { adjustBrightness, adjustContrast, adjustSaturation } from './colour.js'
import { cut, type Sight } from './cut.js'
import { type Draws, drawsOf } from './draws.js'
import { erase, erasedRectangle, type Rectangle } from './erasing.js'
import { flipHorizontally, type Pixels } from './image.js'
import { normalizeSight } from './normalize.js'
import { pcaOffsets } from './pca-noise.js'
import {
  evaluationPlacement,
  formFor,
  isExact,
  isMirrored,
  type PictureForm,
  type Placement,
  type Size,
  sizeIn,
  trainingPlacement,
} from './placement.js'
import { randAugment } from './rand-augment.js'
import { whitenerOf } from './whitening.js'

/** What is done to one picture, for one sample and one purpose. */
export interface Finisher {
  /** What of a picture of this size is seen. */
  placement(source: Size, purpose: BatchPurpose | undefined, sample: number): Placement
  /** What all samples of a picture have in common. */
  form(purpose: BatchPurpose | undefined): PictureForm
  /** Whether it is decoded whole, however much it is shrunk. */
  isExact(purpose: BatchPurpose | undefined): boolean
  /** The size of a picture in a form. */
  sizeIn(form: PictureForm, source: Size): Size
  /** What is seen of a picture to a network's input, written to `out` from `offset`. */
  finish(sight: Sight, purpose: BatchPurpose | undefined, sample: number, out: Float32Array, offset: number): void
}

/**
 * The preprocessing and augmentation of images of a shape.
 *
 * @throws ConvzooError of kind `option` if they do not fit together.
 */
export function finisherOf(shape: ImageShape, preprocessing: Preprocessing): Finisher {
  requirePreprocessing(preprocessing, shape)
  const normalization = normalizationOf(preprocessing, shape, 255)
  const whiten = whitenerOf(preprocessing, shape)
  const [height, width, channels] = shape
  const augmentations = preprocessing.augmentation ?? []
  /** An augmentation's stream: its place in the list is part of its name, so that two of a kind differ. */
  const draws = (purpose: BatchPurpose, sample: number, place: number): Draws =>
    drawsOf(purpose, `${place}/${augmentations[place]?.type}`, sample)

  /** Where these are asked for, a picture is cut out and changed before it is normalised. */
  const changesBytes = augmentations.some(({ type }) => type === 'colorJitter' || type === 'randAugment')
  const image: Pixels = { data: new Uint8Array(height * width * channels), height, width, channels }
  const changed: Sight = { data: image.data, given: channels, seen: { height, width, left: 0, top: 0 } }

  return {
    form: (purpose) => formFor(preprocessing, shape, purpose?.training === true),
    isExact: (purpose) => isExact(preprocessing, purpose?.training === true),
    sizeIn: (form, source) => sizeIn(form, source, shape, preprocessing),
    placement(source, purpose, sample) {
      if (purpose?.training !== true) return evaluationPlacement(source, shape, preprocessing, purpose?.view)
      return trainingPlacement(source, shape, preprocessing, (type) =>
        draws(
          purpose,
          sample,
          augmentations.findIndex((each) => each.type === type),
        ),
      )
    },
    finish(sight, purpose, sample, out, offset) {
      if (purpose?.training !== true) {
        const mirrored = purpose?.view !== undefined && isMirrored(purpose.view)
        normalizeSight(sight, shape, normalization, { mirrored }, out, offset)
        whiten?.(out, offset)
        return
      }
      let shifts: readonly number[] | undefined
      let mirrored = false
      const erased: Rectangle[] = []
      if (changesBytes) cut(sight, shape, image.data)
      augmentations.forEach((augmentation, place) => {
        const drawn = draws(purpose, sample, place)
        if (augmentation.type === 'pcaNoise') shifts = added(shifts, pcaOffsets(augmentation, drawn, channels))
        else if (augmentation.type === 'randomErasing') {
          const rectangle = erasedRectangle(height, width, augmentation, drawn)
          if (rectangle !== undefined) erased.push(rectangle)
        } else if (augmentation.type === 'horizontalFlip') {
          if (drawn.uniform() >= (augmentation.probability ?? 0.5)) return
          if (changesBytes) flipHorizontally(image)
          else mirrored = !mirrored
        } else if (changesBytes) change(image, augmentation, drawn)
      })
      normalizeSight(changesBytes ? changed : sight, shape, normalization, { shifts, mirrored }, out, offset)
      for (const rectangle of erased) erase(out, offset, shape, rectangle)
      whiten?.(out, offset)
    },
  }
}

/** What an augmentation of colours does to bytes; the others do nothing here. */
function change(image: Pixels, augmentation: Augmentation, draws: Draws): void {
  switch (augmentation.type) {
    case 'colorJitter':
      jitter(image, augmentation, draws)
      return
    case 'randAugment':
      randAugment(image, augmentation.operations ?? 2, augmentation.magnitude ?? 9, draws)
      return
    default:
  }
}

type ColorJitter = Extract<Augmentation, { readonly type: 'colorJitter' }>

/** Brightness, contrast and saturation, in this order. */
function jitter(image: Pixels, { brightness = 0, contrast = 0, saturation = 0 }: ColorJitter, draws: Draws): void {
  const steps = [
    [brightness, adjustBrightness],
    [contrast, adjustContrast],
    [saturation, adjustSaturation],
  ] as const
  for (const [most, adjust] of steps) {
    const factor = draws.between(1 - most, 1 + most)
    if (most > 0) adjust(image, factor)
  }
}

function added(one: readonly number[] | undefined, other: readonly number[]): readonly number[] {
  return one === undefined ? other : one.map((value, index) => value + (other[index] ?? 0))
}
