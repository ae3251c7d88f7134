import { ConvzooError, describeValue, formatShape, sizeOf, unusableOption } from '@convzoo/core'
import { requireOutput } from './outputs.js'
import type { Session } from './session.js'

/** A class and how probable it is. */
export interface RankedClass {
  /** Its place in the model's output. */
  readonly index: number
  readonly probability: number
}

/** How many images are in an array of images of a shape. */
export function imageCount(images: Float32Array, shape: readonly number[]): number {
  if (!(images instanceof Float32Array)) {
    throw unusableOption('"images" of predict', { expected: 'a Float32Array', received: describeValue(images) })
  }
  const count = images.length / sizeOf(shape)
  if (Number.isInteger(count) && count >= 1) return count
  throw new ConvzooError({
    kind: 'shape',
    message: 'The array does not hold whole images.',
    expected: `a multiple of ${sizeOf(shape)} values, for images ${formatShape(shape)}`,
    received: `${images.length} values`,
    mend: 'preprocess the images to the input of the model',
  })
}

/** What the model gives, [N, …], for images [N, H, W, C], in batches of at most `batchSize`. */
export async function predictImages(
  session: Session,
  images: Float32Array,
  shape: readonly number[],
  batchSize: number,
): Promise<Float32Array> {
  const size = sizeOf(shape)
  const count = imageCount(images, shape)
  let all: Float32Array | undefined
  for (let start = 0; start < count; start += batchSize) {
    const end = Math.min(start + batchSize, count)
    const outputs = await session.run('predict', end - start, { images: images.subarray(start * size, end * size) })
    const given = requireOutput(outputs, 'probabilities')
    const each = given.length / (end - start)
    all ??= new Float32Array(count * each)
    all.set(given, start * each)
  }
  return all ?? new Float32Array()
}

/**
 * The most probable classes, the first one first; of equal ones that with the lower index.
 *
 * @param probabilities [classes]
 * @example
 * topClasses(Float32Array.of(0.1, 0.7, 0.2), 2) // class 1, then class 2
 */
export function topClasses(probabilities: ArrayLike<number>, count: number): readonly RankedClass[] {
  return Array.from(probabilities, (probability, index) => ({ index, probability }))
    .sort((a, b) => b.probability - a.probability || a.index - b.index)
    .slice(0, count)
}
