import { sizeOf, type Value } from '@convzoo/core/define'
import { explain } from './explained-classes.js'
import { type Attribution, classSignal, type ParsedGradientOptions } from './gradients.js'
import { gradientRules } from './graph/rules.js'
import type { TracedNetwork } from './graph/traced-network.js'
import { imageShapeOf, type Network } from './network.js'
import { numbersOf } from './passes.js'

/** Of an image, what makes a copy of it into `out`. */
export type MakeCopies = (image: Float32Array) => (out: Float32Array, copy: number) => void

/** The mean gradient over several copies of each image, which are made as they are needed. */
export async function meanGradients(
  network: Network,
  { of, ...explaining }: ParsedGradientOptions,
  copies: number,
  makeCopies: MakeCopies,
): Promise<Attribution> {
  const { images } = explaining
  const pixels = sizeOf(imageShapeOf(network.model))
  const values = new Float32Array(images.length)
  // Copies of an image follow each other: one sum is open at a time.
  const sum = new Float64Array(pixels)
  let makeCopy: ReturnType<MakeCopies> | undefined
  const imageOf = (place: number): number => Math.floor(place / copies)
  const classes = await explain(network, explaining, {
    ask: (traced) => ({ sums: sumsByImage(traced, classSignal(traced, { of, rules: gradientRules }), copies) }),
    copies,
    more: (from, size) => ({ owners: ownersOf(from, size, copies) }),
    copiesAt: (from, size) => {
      const made = new Float32Array(size * pixels)
      for (let row = 0; row < size; row++) {
        const copy = (from + row) % copies
        if (copy === 0) {
          const at = imageOf(from + row) * pixels
          makeCopy = makeCopies(images.subarray(at, at + pixels))
        }
        makeCopy?.(made.subarray(row * pixels, (row + 1) * pixels), copy)
      }
      return made
    },
    take: (outputs, from, size) => {
      const sums = numbersOf(outputs, 'sums')
      const last = imageOf(from + size - 1)
      for (let image = imageOf(from); image <= last; image++) {
        const at = (image - imageOf(from)) * pixels
        for (let index = 0; index < pixels; index++) sum[index] = (sum[index] ?? 0) + (sums[at + index] ?? 0)
        if ((image + 1) * copies > from + size) continue
        const to = image * pixels
        for (let index = 0; index < pixels; index++) values[to + index] = (sum[index] ?? 0) / copies
        sum.fill(0)
      }
    },
  })
  return { values, classes }
}

/** The gradients of the copies of each image in a batch, added up where they are: [images, pixels]. What leaves the engine is a small part of them. */
function sumsByImage({ builder, ops, images }: TracedNetwork, signal: Value, copies: number): Value {
  const [size = 1, ...shape] = images.shape
  const owners = builder.input('owners', { shape: [mostImages(size, copies), size], dtype: 'float32' })
  return ops.matMul(owners, ops.reshape(signal, [size, sizeOf(shape)]))
}

/** Of how many images a batch may have copies, wherever it begins. */
const mostImages = (size: number, copies: number): number => Math.ceil((size - 1) / copies) + 1

/** For each image of which a batch has copies a row, 1 at each of them. */
function ownersOf(from: number, size: number, copies: number): Float32Array {
  const owners = new Float32Array(mostImages(size, copies) * size)
  const first = Math.floor(from / copies)
  for (let row = 0; row < size; row++) owners[(Math.floor((from + row) / copies) - first) * size + row] = 1
  return owners
}
