import { ConvzooError, type Model } from '@convzoo/core'
import { requireClasses, sizeOf } from '@convzoo/core/define'
import type { Looking, ParsedLooking } from './network.js'
import { countOf, imageShapeOf } from './network.js'
import { type DoPass, numbersOf, type Pass } from './passes.js'

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

/** The place of the largest number. */
function largestAt(values: ArrayLike<number>): number {
  let best = 0
  for (let index = 1; index < values.length; index++) if ((values[index] ?? 0) > (values[best] ?? 0)) best = index
  return best
}

/**
 * The pass in which {@link explainedClasses} finds the classes, where none are given.
 *
 * @throws ConvzooError of kind `option` for classes that are not one of the model's for each image, of kind `shape` for a model without classes.
 */
export function classesPass(model: Model, { images, classes }: ParsedExplaining): Pass {
  requireClasses(model)
  const count = countOf(model, images)
  const ask: Pass['ask'] = ({ output }) => ({ probabilities: output })
  if (classes === undefined) return { ask, counts: [count] }
  const isOne = (label: number): boolean => Number.isInteger(label) && label >= 0 && label < model.classes
  if (classes.length === count && classes.every(isOne)) return { ask, counts: [] }
  throw new ConvzooError({
    kind: 'option',
    message: 'The classes to explain do not fit the images.',
    expected: `${count} places of classes, from 0 to ${model.classes - 1}`,
    received: `${classes.length}: ${classes.slice(0, 5).join(', ')}`,
  })
}

/** Of each image the class that is explained. */
export async function explainedClasses(
  model: Model,
  { images, classes }: ParsedExplaining,
  pass: DoPass<'classes'>,
): Promise<readonly number[]> {
  if (classes !== undefined) return classes
  const found: number[] = []
  await pass('classes', {
    count: countOf(model, images),
    inputs: (from, size) => ({ images: imagesAt(model, images, from, size) }),
    take: (outputs, _, size) => {
      found.push(...largestOfRows(numbersOf(outputs, 'probabilities'), size))
    },
  })
  return found
}

/** Of each row the place of the largest number. */
export function largestOfRows(values: Float32Array, rows: number): readonly number[] {
  const length = values.length / rows
  return Array.from({ length: rows }, (_, row) => largestAt(values.subarray(row * length, (row + 1) * length)))
}

/** Rows that are 1 at the class of an image, [size, classes]. */
export function oneHot(classes: readonly number[], of: number): Float32Array {
  const rows = new Float32Array(classes.length * of)
  for (const [row, label] of classes.entries()) rows[row * of + label] = 1
  return rows
}
