import { ConvzooError, type Model } from '@convzoo/core'
import { requireClasses, sizeOf } from '@convzoo/core/define'
import type { TracedNetwork } from './graph/traced-network.js'
import { countOf, imageShapeOf, type Looking, type Network, type ParsedLooking } from './network.js'
import { inPasses, numbersOf, type Pass, type PassWork } from './passes.js'

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
 * Checks classes that are given.
 *
 * @throws ConvzooError of kind `option` for classes that are not one of the model's for each image, of kind `shape` for a model without classes.
 */
export function requireExplained(model: Model, { images, classes }: ParsedExplaining): void {
  requireClasses(model)
  const count = countOf(model, images)
  const isOne = (label: number): boolean => Number.isInteger(label) && label >= 0 && label < model.classes
  if (classes === undefined || (classes.length === count && classes.every(isOne))) return
  throw new ConvzooError({
    kind: 'option',
    message: 'The classes to explain do not fit the images.',
    expected: `${count} places of classes, from 0 to ${model.classes - 1}`,
    received: `${classes.length}: ${classes.slice(0, 5).join(', ')}`,
  })
}

/** What is computed of images and of the classes that are explained. */
interface Explanation {
  /** The input `classes` [N, classes] picks the class that is explained, which it declares. */
  readonly ask: Pass['ask']
  readonly take: PassWork['take']
  /** So many copies of each image, one after the other, which `copiesAt` makes; one by default, the image itself. */
  readonly copies?: number
  readonly copiesAt?: (from: number, size: number) => Float32Array
  /** What a batch takes besides. */
  readonly more?: PassWork['inputs']
}

/** Computes something of images and their classes, which are found first where none are given. */
export async function explain(
  network: Network,
  explaining: ParsedExplaining,
  { ask, take, copies = 1, copiesAt, more }: Explanation,
): Promise<readonly number[]> {
  const { model } = network
  const { images, onProgress } = explaining
  requireExplained(model, explaining)
  const samples = countOf(model, images)
  const count = samples * copies
  const here = (from: number, size: number): Float32Array => imagesAt(model, images, from, size)
  const passes = {
    classes: {
      ask: ({ output }: TracedNetwork) => ({ output }),
      counts: explaining.classes === undefined ? [samples] : [],
    },
    explain: { ask, counts: [count] },
  }
  return inPasses(network, explaining, passes, async (pass) => {
    const found: number[] = []
    if (explaining.classes === undefined) {
      await pass('classes', {
        count: samples,
        inputs: (from, size) => ({ images: here(from, size) }),
        take: (outputs, _, size) => {
          found.push(...largestOfRows(numbersOf(outputs, 'output'), size))
        },
      })
    }
    const classes = explaining.classes ?? found
    const labelOf = (place: number): number => classes[Math.floor(place / copies)] ?? 0
    await pass('explain', {
      count,
      onProgress,
      take,
      inputs: async (from, size) => ({
        ...(await more?.(from, size)),
        images: (copiesAt ?? here)(from, size),
        classes: oneHot(
          Array.from({ length: size }, (_, row) => labelOf(from + row)),
          model.classes,
        ),
      }),
    })
    return classes
  })
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
