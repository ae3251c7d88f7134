import { sizeOf } from '@convzoo/core/define'
import { explain } from './explained-classes.js'
import { type Attribution, classSignal, type ParsedGradientOptions } from './gradients.js'
import { gradientRules } from './graph/rules.js'
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
    ask: (traced) => ({ signal: classSignal(traced, { of, rules: gradientRules }) }),
    copies,
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
      const gradients = numbersOf(outputs, 'signal')
      for (let row = 0; row < size; row++) {
        const [place, at] = [from + row, row * pixels]
        for (let index = 0; index < pixels; index++) sum[index] = (sum[index] ?? 0) + (gradients[at + index] ?? 0)
        if ((place + 1) % copies !== 0) continue
        const to = imageOf(place) * pixels
        for (let index = 0; index < pixels; index++) values[to + index] = (sum[index] ?? 0) / copies
        sum.fill(0)
      }
    },
  })
  return { values, classes }
}
