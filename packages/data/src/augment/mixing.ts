import type { Augmentation, Batch, BatchPurpose, ImageShape } from '@convzoo/core'
import { type Draws, drawsOf } from './draws.js'

/**
 * Mixes a batch's images and targets in place, as its augmentations say. A row's partner is the row as far from the other end; the
 * share is drawn once a batch, from the index of its first sample.
 */
export function mixBatch(
  { images, targets }: Batch,
  shape: ImageShape,
  augmentations: readonly Augmentation[],
  purpose: BatchPurpose,
  firstIndex: number,
): void {
  const size = shape[0] * shape[1] * shape[2]
  const rows = images.length / size
  augmentations.forEach((augmentation, place) => {
    if (augmentation.type !== 'mixup' && augmentation.type !== 'cutmix') return
    const draws = drawsOf(purpose, `${place}/${augmentation.type}`, firstIndex)
    const share = betaDraw(augmentation.alpha ?? (augmentation.type === 'mixup' ? 0.2 : 1), draws)
    const classes = targets.length / rows
    if (augmentation.type === 'mixup') {
      blendRows(images, rows, size, share)
      blendRows(targets, rows, classes, share)
    } else {
      blendRows(targets, rows, classes, swapRectangles(images, rows, shape, share, draws))
    }
  })
}

/** Each row becomes share · itself + (1 − share) · its partner. */
function blendRows(values: Float32Array, rows: number, width: number, share: number): void {
  for (let row = 0; row < rows >> 1; row++) {
    const one = row * width
    const other = (rows - 1 - row) * width
    for (let at = 0; at < width; at++) {
      const a = values[one + at] ?? 0
      const b = values[other + at] ?? 0
      values[one + at] = share * a + (1 - share) * b
      values[other + at] = share * b + (1 - share) * a
    }
  }
}

/** Partners exchange a rectangle of 1 − share of the area, cut off at the border; what is left of an image, as a part of 1, is given back. */
function swapRectangles(
  images: Float32Array,
  rows: number,
  [height, width, channels]: ImageShape,
  share: number,
  draws: Draws,
): number {
  const side = Math.sqrt(1 - share)
  const centreRow = draws.below(height)
  const centreColumn = draws.below(width)
  const [top, bottom] = held(centreRow, Math.trunc(height * side), height)
  const [left, right] = held(centreColumn, Math.trunc(width * side), width)
  const size = height * width * channels
  const length = (right - left) * channels
  for (let row = 0; row < rows >> 1; row++) {
    for (let line = top; line < bottom; line++) {
      const within = (line * width + left) * channels
      const one = row * size + within
      const other = (rows - 1 - row) * size + within
      const kept = images.slice(one, one + length)
      images.copyWithin(one, other, other + length)
      images.set(kept, other)
    }
  }
  return 1 - ((bottom - top) * (right - left)) / (height * width)
}

function held(centre: number, length: number, limit: number): readonly [number, number] {
  return [Math.max(centre - (length >> 1), 0), Math.min(centre + (length >> 1), limit)]
}

/** Beta(alpha, alpha), of two gamma numbers. */
function betaDraw(alpha: number, draws: Draws): number {
  const one = gammaDraw(alpha, draws)
  const other = gammaDraw(alpha, draws)
  return one + other === 0 ? 0.5 : one / (one + other)
}

/** Gamma(shape, 1). Marsaglia and Tsang 2000; for shapes below 1 by their boost. */
function gammaDraw(shape: number, draws: Draws): number {
  if (shape < 1) return gammaDraw(shape + 1, draws) * draws.uniform() ** (1 / shape)
  const d = shape - 1 / 3
  const c = 1 / Math.sqrt(9 * d)
  while (true) {
    const x = draws.normal()
    const v = (1 + c * x) ** 3
    if (v > 0 && Math.log(1 - draws.uniform()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v
  }
}
