import { sizeOf } from '@convzoo/core/define'
import { explain } from './explained-classes.js'
import { type Attribution, classSignal, type ParsedGradientOptions } from './gradients.js'
import { gradientRules } from './graph/rules.js'
import { imageShapeOf, type Network } from './network.js'
import { numbersOf } from './passes.js'

/** Makes a copy of an image into `out`. */
export type MakeCopy = (out: Float32Array, image: Float32Array, copy: number, sample: number) => void

/** The mean gradient over several copies of each image, which are made as they are needed. */
export async function meanGradients(
  network: Network,
  { of, ...explaining }: ParsedGradientOptions,
  copies: number,
  makeCopy: MakeCopy,
): Promise<Attribution> {
  const { images } = explaining
  const pixels = sizeOf(imageShapeOf(network.model))
  const values = new Float32Array(images.length)
  // Copies of an image follow each other: one sum is open at a time.
  const sum = new Float64Array(pixels)
  const imageOf = (place: number): number => Math.floor(place / copies)
  const classes = await explain(network, explaining, {
    ask: (traced) => ({ signal: classSignal(traced, { of, rules: gradientRules }) }),
    copies,
    copiesAt: (from, size) => {
      const made = new Float32Array(size * pixels)
      for (let row = 0; row < size; row++) {
        const sample = imageOf(from + row)
        const image = images.subarray(sample * pixels, (sample + 1) * pixels)
        makeCopy(made.subarray(row * pixels, (row + 1) * pixels), image, (from + row) % copies, sample)
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
