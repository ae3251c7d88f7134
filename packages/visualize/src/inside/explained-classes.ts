import { ConvzooError, type Model } from '@convzoo/core'
import { requireClasses, sizeOf } from '@convzoo/core/define'
import type { Looking, Network, ParsedLooking } from './network.js'
import { compute, countOf, imageShapeOf, numbersOf } from './network.js'

/** What of a class is explained: the number that goes into the softmax, or the probability that comes out. */
export type Explained = 'score' | 'probability'

/** Images that are explained, and for which classes. */
export interface Explaining extends Looking {
  /** [N, H, W, C], preprocessed as those that the network was trained on. */
  readonly images: Float32Array
  /** Of each image the place of a class; by default the one that the network takes it for. */
  readonly classes?: readonly number[] | undefined
}

/** {@link Explaining}, once it was read. */
export interface ParsedExplaining extends ParsedLooking {
  readonly images: Float32Array
  readonly classes: readonly number[] | undefined
}

/** The image at a place, and those after it, of an array of images. */
export function imagesAt(model: Model, images: Float32Array, from: number, size: number): Float32Array {
  const pixels = sizeOf(imageShapeOf(model))
  return images.subarray(from * pixels, (from + size) * pixels)
}

/** The probabilities that a network gives, [N, classes]. */
export async function probabilitiesOf(
  network: Network,
  images: Float32Array,
  looking: ParsedLooking,
): Promise<Float32Array> {
  const { model } = network
  requireClasses(model)
  const count = countOf(model, images)
  const all = new Float32Array(count * model.classes)
  await compute(network, {
    ...looking,
    count,
    ask: ({ output }) => ({ probabilities: output }),
    inputs: (from, size) => ({ images: imagesAt(model, images, from, size) }),
    take: (outputs, from) => all.set(numbersOf(outputs, 'probabilities'), from * model.classes),
  })
  return all
}

/** The place of the largest number. */
export function largestAt(values: ArrayLike<number>): number {
  let best = 0
  for (let index = 1; index < values.length; index++) if ((values[index] ?? 0) > (values[best] ?? 0)) best = index
  return best
}

/**
 * Of each image the class that is explained.
 *
 * @throws ConvzooError of kind `option` for classes that are not one of the model's for each image, of kind `shape` for a model without classes.
 */
export async function explainedClasses(
  network: Network,
  { images, classes, ...looking }: ParsedExplaining,
): Promise<readonly number[]> {
  const { model } = network
  requireClasses(model)
  const count = countOf(model, images)
  if (classes !== undefined) {
    const isOne = (label: number): boolean => Number.isInteger(label) && label >= 0 && label < model.classes
    if (classes.length === count && classes.every(isOne)) return classes
    throw new ConvzooError({
      kind: 'option',
      message: 'The classes to explain do not fit the images.',
      expected: `${count} places of classes, from 0 to ${model.classes - 1}`,
      received: `${classes.length}: ${classes.slice(0, 5).join(', ')}`,
    })
  }
  const probabilities = await probabilitiesOf(network, images, { ...looking, onProgress: undefined })
  return Array.from({ length: count }, (_, row) =>
    largestAt(probabilities.subarray(row * model.classes, (row + 1) * model.classes)),
  )
}

/** Rows that are 1 at the class of an image, [size, classes]. */
export function oneHot(classes: readonly number[], of: number): Float32Array {
  const rows = new Float32Array(classes.length * of)
  for (const [row, label] of classes.entries()) rows[row * of + label] = 1
  return rows
}
