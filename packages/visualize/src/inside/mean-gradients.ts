import { sizeOf } from '@convzoo/core/define'
import { explainedClasses, oneHot } from './explained-classes.js'
import { type Attribution, classSignal, type ParsedGradientOptions } from './gradients.js'
import { gradientRules } from './graph/rules.js'
import { compute, countOf, imageShapeOf, type Network, numbersOf } from './network.js'

/** Makes a copy of an image into `out`. */
export type MakeCopy = (out: Float32Array, image: Float32Array, copy: number, sample: number) => void

/** The mean gradient over several copies of each image, which are made as they are needed. */
export async function meanGradients(
  network: Network,
  { of, ...explaining }: ParsedGradientOptions,
  copies: number,
  makeCopy: MakeCopy,
): Promise<Attribution> {
  const { model } = network
  const { images, classes: _, ...looking } = explaining
  const pixels = sizeOf(imageShapeOf(model))
  const classes = await explainedClasses(network, explaining)
  const sums = new Float64Array(images.length)
  const imageOf = (place: number): number => Math.floor(place / copies)
  await compute(network, {
    ...looking,
    count: countOf(model, images) * copies,
    ask: (traced) => ({ signal: classSignal(traced, { of, rules: gradientRules }) }),
    inputs: (from, size) => {
      const places = Array.from({ length: size }, (_, row) => from + row)
      const made = new Float32Array(size * pixels)
      for (const [row, place] of places.entries()) {
        const sample = imageOf(place)
        const image = images.subarray(sample * pixels, (sample + 1) * pixels)
        makeCopy(made.subarray(row * pixels, (row + 1) * pixels), image, place % copies, sample)
      }
      return {
        images: made,
        classes: oneHot(
          places.map((place) => classes[imageOf(place)] ?? 0),
          model.classes,
        ),
      }
    },
    take: (outputs, from, size) => {
      const gradients = numbersOf(outputs, 'signal')
      for (let row = 0; row < size; row++) {
        const [to, at] = [imageOf(from + row) * pixels, row * pixels]
        for (let index = 0; index < pixels; index++)
          sums[to + index] = (sums[to + index] ?? 0) + (gradients[at + index] ?? 0) / copies
      }
    },
  })
  return { values: Float32Array.from(sums), classes }
}
