import { type Explaining, imagesAt, largestOfRows, requireExplained } from './explained-classes.js'
import type { TracedNetwork } from './graph/traced-network.js'
import type { Maps } from './maps.js'
import { mapLayersOf, mapShapeOf } from './maps-of-classes.js'
import { countOf, imageShapeOf, type Network, requireNetwork } from './network.js'
import { occlusionOptions } from './options.js'
import { inPasses, numbersOf } from './passes.js'

export interface OcclusionOptions extends Explaining {
  /** Pixels of a side of the square; a fifth of the image's shorter side by default. */
  readonly square?: number | undefined
  /** Pixels from one place of the square to the next; a third of its side by default. */
  readonly stride?: number | undefined
  /** What the square shows, in the numbers of a preprocessed image: 0 by default, which is the mean where a mean was subtracted. */
  readonly fill?: number | undefined
  /** The layer whose strongest map is watched; by default the last one that gives maps. */
  readonly layer?: string | undefined
}

/** What a network makes of an image while a square covers a part of it, for each place of the square. */
export interface Occlusions {
  readonly square: number
  readonly stride: number
  readonly layer: string
  /** Of each image the place of the class that it is about. */
  readonly classes: readonly number[]
  /** Of each image the map of the layer whose sum was the largest before anything was covered. */
  readonly strongest: readonly number[]
  /** The sum of that map. */
  readonly features: Maps
  /** The probability of the class. */
  readonly probabilities: Maps
  /** The place of the class that is the most probable. */
  readonly predicted: Maps
}

/**
 * Occlusion sensitivity (Zeiler & Fergus 2014, §4.2): a square is moved over an image, and what the network then finds is noted. Squares at the
 * right and lower edge may lie partly outside, so that each pixel is covered.
 *
 * @throws ConvzooError as {@link inputGradients} does, and of kind `option` for bad options.
 * @example
 * const { probabilities } = await occlusion(run, { images, square: 32, stride: 16 })
 */
export async function occlusion(network: Network, options: OcclusionOptions): Promise<Occlusions> {
  const model = requireNetwork('occlusion', network)
  const { square: side, stride: step, fill, layer, ...explaining } = occlusionOptions.parse('occlusion', options)
  const { images, onProgress } = explaining
  const [height, width, channels] = imageShapeOf(model)
  const square = side ?? Math.max(1, Math.round(Math.min(height, width) / 5))
  const stride = step ?? Math.max(1, Math.round(square / 3))
  const chosen = layer ?? mapLayersOf(model).at(-1) ?? ''
  const [, , maps] = mapShapeOf(model, chosen)
  const count = countOf(model, images)
  const places = (length: number): number => Math.max(1, Math.ceil((length - square) / stride) + 1)
  const [rows, columns] = [places(height), places(width)]
  const cells = rows * columns
  const pixels = height * width * channels
  const covered = (from: number, size: number): Float32Array => {
    const copies = new Float32Array(size * pixels)
    for (let row = 0; row < size; row++) {
      const [sample, cell] = [Math.floor((from + row) / cells), (from + row) % cells]
      const copy = copies.subarray(row * pixels, (row + 1) * pixels)
      copy.set(imagesAt(model, images, sample, 1))
      const [top, left] = [Math.floor(cell / columns) * stride, (cell % columns) * stride]
      for (let y = top; y < Math.min(height, top + square); y++)
        copy.fill(fill, (y * width + left) * channels, (y * width + Math.min(width, left + square)) * channels)
    }
    return copies
  }
  requireExplained(model, explaining)
  const ask = ({ ops, layer: outputOf, output }: TracedNetwork) => ({
    sums: ops.sum(outputOf(chosen), { axes: [1, 2] }),
    probabilities: output,
  })
  return inPasses(network, explaining, { maps: { ask, counts: [count, count * cells] } }, async (pass) => {
    const [predictions, strongest]: [number[], number[]] = [[], []]
    await pass('maps', {
      count,
      inputs: (from, size) => ({ images: imagesAt(model, images, from, size) }),
      take: (outputs, _, size) => {
        predictions.push(...largestOfRows(numbersOf(outputs, 'probabilities'), size))
        strongest.push(...largestOfRows(numbersOf(outputs, 'sums'), size))
      },
    })
    // Those that are not given were found with the strongest maps.
    const classes = explaining.classes ?? predictions
    const empty = (): Maps => ({ height: rows, width: columns, values: new Float32Array(count * cells) })
    const found = { features: empty(), probabilities: empty(), predicted: empty() }
    await pass('maps', {
      count: count * cells,
      onProgress,
      inputs: (from, size) => ({ images: covered(from, size) }),
      take: (outputs, from, size) => {
        const sums = numbersOf(outputs, 'sums')
        const probabilities = numbersOf(outputs, 'probabilities')
        found.predicted.values.set(largestOfRows(probabilities, size), from)
        for (let row = 0; row < size; row++) {
          const sample = Math.floor((from + row) / cells)
          found.features.values[from + row] = sums[row * maps + (strongest[sample] ?? 0)] ?? 0
          found.probabilities.values[from + row] = probabilities[row * model.classes + (classes[sample] ?? 0)] ?? 0
        }
      },
    })
    return { square, stride, layer: chosen, classes, strongest, ...found }
  })
}
