import type { Augmentation, ImageShape, Preprocessing } from '@convzoo/core'
import type { Draws } from './draws.js'

/**
 * Which part of a picture a network sees: the whole is resized to `width` × `height`, then the input is cut out at `left` and `top`,
 * which lie outside where padding is seen.
 */
export interface Placement {
  readonly width: number
  readonly height: number
  readonly left: number
  readonly top: number
}

export interface Size {
  readonly width: number
  readonly height: number
}

/** What of a picture is seen in an evaluation: the centre, or one of the ten crops of Krizhevsky et al. 2012, §4.1. */
export function evaluationPlacement(
  source: Size,
  shape: ImageShape,
  preprocessing: Preprocessing,
  view = 0,
): Placement {
  const [height, width] = shape
  const size = resized(source, shape, preprocessing)
  const [across, down] = corners[view % corners.length] ?? [0.5, 0.5]
  return { ...size, left: roundEven((size.width - width) * across), top: roundEven((size.height - height) * down) }
}

/** To the nearest whole number, a half to the even one: Python's `round`, by which torchvision places its crops. */
function roundEven(value: number): number {
  const below = Math.floor(value)
  if (value - below === 0.5) return below + (below % 2)
  return Math.round(value)
}

/** Five places, each seen plain and mirrored: the first is the centre. */
const corners = [
  [0.5, 0.5],
  [0, 0],
  [1, 0],
  [0, 1],
  [1, 1],
] as const

export const isMirrored = (view: number): boolean => view >= corners.length

/** What of a picture is seen in training. */
export function trainingPlacement(
  source: Size,
  shape: ImageShape,
  preprocessing: Preprocessing,
  draws: (type: Augmentation['type']) => Draws,
): Placement {
  for (const augmentation of preprocessing.augmentation ?? []) {
    if (augmentation.type === 'randomCrop') {
      const { padding = 0 } = augmentation
      const size = resized(source, shape, preprocessing)
      const drawn = draws('randomCrop')
      const top = drawn.below(size.height + 2 * padding - shape[0] + 1) - padding
      return { ...size, top, left: drawn.below(size.width + 2 * padding - shape[1] + 1) - padding }
    }
    if (augmentation.type === 'randomResizedCrop') {
      return enlarged(source, shape, randomPart(source, augmentation, draws('randomResizedCrop')))
    }
  }
  return evaluationPlacement(source, shape, preprocessing)
}

/** How much of a picture all samples have in common: the whole as it is stored, or resized. */
export type PictureForm = 'full' | `${number}x${number}${string}`

/** What can be kept of pictures for a purpose, since samples of it are made of nothing else. */
export function formFor(preprocessing: Preprocessing, [height, width]: ImageShape, isTraining: boolean): PictureForm {
  const { shorterSide, augmentation = [] } = preprocessing
  if (isTraining && augmentation.some(({ type }) => type === 'randomResizedCrop')) return 'full'
  const side = shorterSide === undefined ? '' : (` of shorter side ${shorterSide}` as const)
  return `${height}x${width}${side}${isExact(preprocessing, isTraining) ? ', exact' : ''}`
}

/** Whether pixels must be those of the whole picture, to the byte. */
export const isExact = ({ exactPixels = false }: Preprocessing, isTraining: boolean): boolean =>
  exactPixels && !isTraining

/** The size of a picture in a form. */
export const sizeIn = (form: PictureForm, source: Size, shape: ImageShape, preprocessing: Preprocessing): Size =>
  form === 'full' ? source : resized(source, shape, preprocessing)

/** The shorter side is as long as asked for, and of the longer one's length the fraction is dropped, as torchvision's `Resize` does. */
function resized({ width, height }: Size, shape: ImageShape, { shorterSide: side }: Preprocessing): Size {
  if (side === undefined) return { width: shape[1], height: shape[0] }
  const longer = Math.trunc((side * Math.max(width, height)) / Math.min(width, height))
  return width < height ? { width: side, height: longer } : { width: longer, height: side }
}

/** A rectangle of a picture. */
export interface Part extends Size {
  readonly left: number
  readonly top: number
}

/** Tries before the centre is taken, as torchvision's `RandomResizedCrop`. */
const tries = 10

function randomPart(
  source: Size,
  { area: [least, most] = [0.08, 1], ratio: [narrow, wide] = [3 / 4, 4 / 3] }: RandomResizedCrop,
  draws: Draws,
): Part {
  for (let attempt = 0; attempt < tries; attempt++) {
    const area = source.width * source.height * draws.between(least, most)
    const ratio = Math.exp(draws.between(Math.log(narrow), Math.log(wide)))
    const width = roundEven(Math.sqrt(area * ratio))
    const height = roundEven(Math.sqrt(area / ratio))
    if (width < 1 || height < 1 || width > source.width || height > source.height) continue
    return {
      width,
      height,
      top: draws.below(source.height - height + 1),
      left: draws.below(source.width - width + 1),
    }
  }
  const width = Math.min(source.width, Math.max(1, roundEven(source.height * wide)))
  const height = Math.min(source.height, Math.max(1, roundEven(source.width / narrow)))
  return { width, height, left: (source.width - width) >> 1, top: (source.height - height) >> 1 }
}

type RandomResizedCrop = Extract<Augmentation, { readonly type: 'randomResizedCrop' }>

/** The size of the whole at which a part is as large as the input. */
function enlarged(source: Size, [height, width]: ImageShape, part: Part): Placement {
  const across = width / part.width
  const down = height / part.height
  const size = {
    width: Math.max(Math.round(source.width * across), width),
    height: Math.max(Math.round(source.height * down), height),
  }
  return {
    ...size,
    left: Math.min(Math.round(part.left * across), size.width - width),
    top: Math.min(Math.round(part.top * down), size.height - height),
  }
}
