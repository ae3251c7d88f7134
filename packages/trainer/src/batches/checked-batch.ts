import { type Batch, ConvzooError, type Dataset } from '@convzoo/core'
import { describeValue, formatShape, isFloat32Array, printable, sizeOf } from '@convzoo/core/define'

/** Preprocessed values are within a few units, or within ±255 where only a mean is subtracted. */
const largestMagnitude = 1000

/** How far the sum of a row of targets may be from 1: float32 sums over many classes, mixed and smoothed labels. */
const sumTolerance = 1e-3

/** @throws ConvzooError of kind `data` unless a dataset gave as many images and targets as it was asked for. */
export function requireWholeBatch(dataset: Dataset, batch: Batch, size: number): void {
  const check = (what: 'images' | 'targets', shape: readonly number[]): void => {
    const values: unknown = Reflect.get(Object(batch), what)
    if (!isFloat32Array(values)) {
      throw badBatch(dataset, `${what} are not a Float32Array`, {
        expected: '{ images, targets }, each a Float32Array',
        received: describeValue(values ?? batch),
      })
    }
    if (values.length === sizeOf(shape)) return
    throw badBatch(dataset, `${what} have the wrong number of elements`, {
      expected: `${sizeOf(shape)}, for ${formatShape(shape)}`,
      received: String(values.length),
    })
  }
  check('images', [size, ...dataset.imageShape])
  check('targets', [size, dataset.classes.length])
  const skipped: unknown = batch.skipped
  const isRow = (row: unknown): boolean => Number.isInteger(row) && Number(row) >= 0 && Number(row) < size
  if (skipped === undefined || (Array.isArray(skipped) && skipped.every(isRow))) return
  throw badBatch(dataset, 'skipped rows are none of its rows', {
    expected: `a list of whole numbers from 0 to ${size - 1}`,
    received: describeValue(skipped),
  })
}

/** @throws ConvzooError of kind `data` unless each row of targets, [size, classes], is a distribution over the classes. */
export function requireDistributions(dataset: Dataset, targets: Float32Array, size: number): void {
  const classes = targets.length / size
  for (let row = 0; row < size; row++) {
    const values = targets.subarray(row * classes, (row + 1) * classes)
    let sum = 0
    let least = 0
    for (const value of values) {
      sum += value
      if (value < least) least = value
    }
    // Also what is not a number fails: no comparison with it holds.
    if (Math.abs(sum - 1) <= sumTolerance && least >= 0) continue
    throw badBatch(dataset, `targets are no distribution over the classes, in row ${row}`, {
      expected: 'numbers of at least 0 whose sum is 1: one-hot, smoothed or mixed labels',
      received: described(values, sum),
      hint: 'give each image a 1 at its class, or parts of 1 at several',
    })
  }
}

/**
 * @param whose Begins a sentence: `The dataset fruit gave a batch whose`, `Predicted`.
 * @throws ConvzooError of kind `data` if there are images of values that preprocessing does not give.
 */
export function requirePlausibleImages(images: Float32Array, whose: string): void {
  for (let index = 0; index < images.length; index++) {
    const value = images[index] ?? 0
    // Also what is not a number fails: no comparison with it holds.
    if (Math.abs(value) <= largestMagnitude) continue
    throw new ConvzooError({
      kind: 'data',
      message: `${whose} images are out of range.`,
      expected: `finite numbers of at most ${largestMagnitude} in magnitude, as preprocessing gives them`,
      received: `${value} as element ${index}`,
      hint: 'scale the images as the network is to take them, such as to [0, 1]',
    })
  }
}

function described(values: Float32Array, sum: number): string {
  const shown = Array.from(values.subarray(0, 8), (value) => Number(value.toPrecision(4))).join(', ')
  return `[${shown}${values.length > 8 ? ', …' : ''}], whose sum is ${Number(sum.toPrecision(4))}`
}

function badBatch(
  { name }: Dataset,
  what: string,
  fields: { readonly expected: string; readonly received: string; readonly hint?: string },
): ConvzooError {
  return new ConvzooError({
    kind: 'data',
    message: `${batchOf(name)} ${what}.`,
    ...fields,
  })
}

/** Begins a sentence on a batch of a dataset. */
export const batchOf = (name: string): string => `The dataset ${printable(name)} gave a batch whose`
