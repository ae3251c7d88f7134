import { ConvzooError } from '@convzoo/core'
import {
  describeValue,
  formatShape,
  integer,
  isFloat32Array,
  isNumbers,
  matching,
  requireArguments,
  sizeOf,
  unusableOption,
} from '@convzoo/core/define'
import { requirePlausibleImages } from './batches/index.js'
import type { WeightsKind } from './options.js'
import { requireOutput } from './outputs.js'
import { predictionSizes } from './prediction-sizes.js'
import type { Session } from './session.js'

/** A class and how probable it is. */
export interface RankedClass {
  /** Its place in the model's output. */
  readonly index: number
  readonly probability: number
}

/** How many images are in an array of images of a shape. */
function imageCount(images: Float32Array, shape: readonly number[]): number {
  if (!isFloat32Array(images)) {
    throw unusableOption('"images" of predict', { expected: 'a Float32Array', received: describeValue(images) })
  }
  const count = images.length / sizeOf(shape)
  if (Number.isInteger(count) && count >= 1) return count
  throw new ConvzooError({
    kind: 'shape',
    message: 'The array does not hold whole images.',
    expected: `a multiple of ${sizeOf(shape)} values, for images ${formatShape(shape)}`,
    received: `${images.length} values`,
    hint: 'preprocess the images to the input of the model',
  })
}

/** What the model gives, [N, …], for images [N, H, W, C], at most `batchSize` at a time. The array may be filled anew at once. */
export async function predictImages(
  session: Session,
  given: Float32Array,
  shape: readonly number[],
  { batchSize, weights }: { readonly batchSize: number; readonly weights: WeightsKind },
): Promise<Float32Array> {
  const size = sizeOf(shape)
  const count = imageCount(given, shape)
  requirePlausibleImages(given, 'Predicted')
  const images = given.slice()
  const sizes = predictionSizes(count, batchSize)
  const kind = weights === 'average' ? 'predictAverages' : 'predict'
  await session.prepare({ [kind]: [...new Set(sizes)] })
  return session.look(async () => {
    let all: Float32Array | undefined
    let start = 0
    for (const room of sizes) {
      const end = Math.min(start + room, count)
      const outputs = await session.run(kind, room, {
        images: withRoom(images, start * size, end * size, room * size),
      })
      const computed = requireOutput(outputs, 'probabilities')
      const each = computed.length / room
      all ??= new Float32Array(count * each)
      all.set(computed.subarray(0, (end - start) * each), start * each)
      start = end
    }
    return all ?? new Float32Array()
  })
}

/** A part of an array, in one of a length: zeros fill what it has room for besides. */
function withRoom(values: Float32Array, start: number, end: number, length: number): Float32Array {
  const part = values.subarray(start, end)
  if (part.length === length) return part
  const filled = new Float32Array(length)
  filled.set(part)
  return filled
}

const probabilitiesKind = matching(
  'the probabilities of at least one class',
  (value): value is ArrayLike<number> => isNumbers(value) && value.length > 0,
)

/**
 * The most probable classes, the first one first; of equal ones that with the lower index.
 *
 * @param probabilities [classes]
 * @throws ConvzooError of kind `option` unless they are numbers, at least one, and the count is a whole number of at least 1.
 * @example
 * topClasses(Float32Array.of(0.1, 0.7, 0.2), 2) // class 1, then class 2
 */
export function topClasses(probabilities: ArrayLike<number>, count: number): readonly RankedClass[] {
  requireArguments('topClasses', { probabilities: [probabilitiesKind, probabilities], count: [integer(1), count] })
  return Array.from(probabilities, (probability, index) => ({ index, probability }))
    .sort((a, b) => b.probability - a.probability || a.index - b.index)
    .slice(0, count)
}
