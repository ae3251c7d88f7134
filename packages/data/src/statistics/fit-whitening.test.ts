import { arrayDataset, fitWhitening } from '@convzoo/data'
import { describe, expect, it } from 'vitest'

const shape = [3, 3, 2] as const
const size = 18
const contrast = 55
const epsilon = 0.1
const count = 400

/** Pictures whose neighbours resemble each other, as those of photographs do. */
const images = Float32Array.from({ length: count * size }, (_, at) => {
  const picture = Math.floor(at / size)
  const place = at % size
  return 0.5 + 0.4 * Math.sin(picture * 1.7 + place * 0.3) + 0.05 * Math.sin(picture * picture * 0.9 + place * 7)
})

const whitening = { type: 'zca', contrast, epsilon } as const
const plain = { resize: 'bilinear', mean: [0], standardDeviation: [1] } as const

const source = {
  name: 'waves',
  load: async (_: string, { preprocessing = plain, limit }: { preprocessing?: object; limit?: number | undefined }) =>
    arrayDataset({
      ...{ images, shape, labels: new Uint8Array(count), classes: ['wave'], limit },
      preprocessing: { ...plain, ...preprocessing },
    }),
}

const options = { imageShape: shape, preprocessing: { ...plain, whitening } }

/** Pictures less their means, of norm 55: by the formula, in another place than what is tested. */
const contrasted = Array.from({ length: count }, (_, picture) => {
  const values = Array.from(images.subarray(picture * size, (picture + 1) * size))
  const mean = values.reduce((sum, value) => sum + value, 0) / size
  const norm = Math.hypot(...values.map((value) => value - mean))
  return values.map((value) => ((value - mean) * contrast) / norm)
})

const fitted = await fitWhitening(source, options)
const at = (values: ArrayLike<number>, index: number): number => values[index] ?? Number.NaN
const places = Array.from({ length: size }, (_, place) => place)

describe('fitWhitening', () => {
  it('finds the mean of pictures of equal contrast', () => {
    for (const place of places) {
      const mean = contrasted.reduce((sum, each) => sum + at(each, place), 0) / count
      expect(at(fitted.mean, place)).toBeCloseTo(mean, 4)
    }
  })

  it('finds the inverse of the root of their covariance and epsilon: M · (C + ε) · M is 1, and M is symmetric', () => {
    const product = (a: (i: number, j: number) => number, b: (i: number, j: number) => number) => {
      const values = places.map((i) => places.map((j) => places.reduce((sum, k) => sum + a(i, k) * b(k, j), 0)))
      return (i: number, j: number): number => values[i]?.[j] ?? Number.NaN
    }
    const matrix = (i: number, j: number): number => at(fitted.matrix, i * size + j)
    const moment = (i: number, j: number): number =>
      contrasted.reduce(
        (sum, each) => sum + (at(each, i) - at(fitted.mean, i)) * (at(each, j) - at(fitted.mean, j)),
        0,
      ) /
        count +
      (i === j ? epsilon : 0)
    const identity = product(product(matrix, moment), matrix)
    for (const i of places) {
      for (const j of places) {
        expect(identity(i, j)).toBeCloseTo(i === j ? 1 : 0, 3)
        expect(matrix(i, j)).toBeCloseTo(matrix(j, i), 5)
      }
    }
  })

  it('is what a dataset sees, with or without augmentation', async () => {
    const expected = places.map((i) =>
      places.reduce(
        (sum, j) => sum + at(fitted.matrix, i * size + j) * (at(contrasted[5] ?? [], j) - at(fitted.mean, j)),
        0,
      ),
    )
    const preprocessing = { ...options.preprocessing, whitening: { ...whitening, fitted } }
    const { images: seen } = await (await source.load('train', { preprocessing })).batch([5])
    for (const place of places) expect(at(seen, place)).toBeCloseTo(at(expected, place), 3)
    const augmentation = [{ type: 'horizontalFlip', probability: 0 }]
    const augmented = await source.load('train', { preprocessing: { ...preprocessing, augmentation } })
    const { images: varied } = await augmented.batch([5])
    // Bytes lie between the picture and what is seen of it.
    for (const place of places) expect(Math.abs(at(varied, place) - at(expected, place))).toBeLessThan(0.5)
  })

  it('is needed before pictures are seen, and refuses pictures that are too large and what asks for none', async () => {
    await expect(source.load('train', options)).rejects.toThrow(/whitening\.fitted[\s\S]*fitWhitening/)
    await expect(fitWhitening(source, { ...options, preprocessing: plain })).rejects.toThrow(/No whitening/)
    const large = {
      name: 'large',
      load: async () =>
        arrayDataset({ images: new Uint8Array(64 * 64), shape: [64, 64, 1], labels: [0], classes: ['one'] }),
    }
    await expect(fitWhitening(large, options)).rejects.toThrow(/too large to be whitened[\s\S]*3072/)
  })
})
