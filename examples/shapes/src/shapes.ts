import type { LabelledImages } from '@convzoo/core'
import { defineDataset, described, integer, optional } from '@convzoo/core/define'
import { fillUniform, seedWords, streamKey } from '@convzoo/core/engine'
import { draw, shapes as drawn, drawsPerPicture } from './draw.js'

const classes = Object.keys(drawn)
const outlines = Object.values(drawn)

/**
 * Circles, squares and triangles, bright on dark, of any place, size and colour, as many of each: pictures that are drawn and not fetched,
 * and that a small network learns to tell apart in five times through 600 of them.
 *
 * @example
 * const source = await sourceOf(shapes, { count: 600, size: 48 })
 */
export const shapes = defineDataset({
  specification: 'dataset/v1',
  name: 'shapes',
  title: 'drawn circles, squares and triangles',
  options: {
    count: described('pictures to train on', optional(integer(3), 300)),
    testCount: described('pictures to test on', optional(integer(3), 90)),
    size: described('pixels of a side', optional(integer(8), 32)),
    seed: described('of the drawings; no two seeds have a picture in common', optional(integer(0), 1)),
  },
  load: ({ count, testCount, size, seed }) => ({
    classes,
    preprocessing: { resize: 'bilinear', mean: [0.5], standardDeviation: [0.29] },
    train: () => drawings('train', count, size, seed),
    test: () => drawings('test', testCount, size, seed),
  }),
})

function drawings(split: string, count: number, size: number, seed: number): LabelledImages {
  const bytes = size * size * 3
  const images = new Uint8Array(count * bytes)
  const labels = Uint32Array.from({ length: count }, (_, index) => index % classes.length)
  const key = streamKey(seedWords(seed), `shapes ${split}`)
  const draws = new Float64Array(drawsPerPicture)
  for (const [index, label] of labels.entries()) {
    fillUniform(key, index, draws)
    const outline = outlines[label]
    if (outline !== undefined) draw(images.subarray(index * bytes, (index + 1) * bytes), size, outline, draws)
  }
  return { images, shape: [size, size, 3], labels }
}
