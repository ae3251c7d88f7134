import type { Dataset, ImageShape } from '@convzoo/core'
import { enlarger } from './enlarge.js'

interface Part {
  /** Indices into the classes, in the order of the images. */
  readonly labels: readonly number[]
  /** By which checkpoints know the images again. */
  readonly fingerprint: string
}

/** What `make-digits.mjs` writes beside the pixels. */
export interface DigitsFile {
  readonly name: string
  readonly classes: readonly string[]
  /** [H, W, 1] of each image. */
  readonly shape: ImageShape
  readonly train: Part
  readonly test: Part
}

export interface Digits {
  readonly train: Dataset
  readonly test: Dataset
}

/** Mean and standard deviation of MNIST's training images, of values in [0, 1]. */
export const preprocessing = { resize: 'bilinear', mean: [0.1307], standardDeviation: [0.3081] } as const

/**
 * Digits as a network takes them.
 *
 * @param pixels [N, H, W], bytes: those to train on, then those to test on.
 */
export function digitsOf(file: DigitsFile, pixels: Uint8Array, imageShape: ImageShape): Digits {
  const stored = file.shape[0] * file.shape[1]
  const split = file.train.labels.length * stored
  return {
    train: datasetOf(file, file.train, pixels.subarray(0, split), imageShape),
    test: datasetOf(file, file.test, pixels.subarray(split), imageShape),
  }
}

function datasetOf(file: DigitsFile, part: Part, pixels: Uint8Array, imageShape: ImageShape): Dataset {
  const { name, classes, shape } = file
  const { labels, fingerprint } = part
  const stored = shape[0] * shape[1]
  const [height, width] = imageShape
  const enlarge = enlarger(shape[0], height)
  const scale = 1 / (255 * preprocessing.standardDeviation[0])
  const offset = -preprocessing.mean[0] / preprocessing.standardDeviation[0]
  return {
    specification: 'dataset/v1',
    name,
    length: labels.length,
    classes,
    imageShape,
    async batch(indices) {
      const images = new Float32Array(indices.length * height * width)
      const targets = new Float32Array(indices.length * classes.length)
      for (const [row, index] of Array.from(indices).entries()) {
        const image = enlarge(pixels.subarray(index * stored, (index + 1) * stored))
        images.set(
          image.map((value) => value * scale + offset),
          row * image.length,
        )
        targets[row * classes.length + (labels[index] ?? 0)] = 1
      }
      return { images, targets }
    },
    fingerprint: async () => fingerprint,
  }
}

/** The digits that lie beside the page. */
export async function fetchDigits(imageShape: ImageShape): Promise<Digits> {
  const [file, pixels] = await Promise.all(['digits.json', 'digits.bin'].map((name) => fetch(name)))
  if (!file?.ok || !pixels?.ok) throw new Error('There are no digits beside the page: npm run digits makes them.')
  return digitsOf((await file.json()) as DigitsFile, new Uint8Array(await pixels.arrayBuffer()), imageShape)
}
