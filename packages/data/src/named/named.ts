import { ConvzooError, defineOptions, describeValue, functionOf, optional, type Preprocessing } from '@convzoo/core'
import { cifar, cifarPreprocessing } from '../cifar/index.js'
import { idxDataset } from '../dataset/index.js'
import { findMnist } from '../mnist/find-mnist.js'
import { mnistClasses, mnistPreprocessing } from '../mnist/mnist.js'
import type { DataSource } from '../sources/data-source.js'
import { splitOptions } from '../sources/options.js'
import { ofSamples } from '../sources/sample-source.js'
import type { SplitOptions } from '../sources/splits.js'
import { findCifar } from './find-cifar.js'
import { type FindOptions, findIdx } from './find-idx.js'
import { fashionMnistOriginal, mnistOriginal } from './originals.js'

/** The sets that are known by name. */
export const datasetNames = ['mnist', 'fashion-mnist', 'cifar10', 'cifar100'] as const
export type DatasetName = (typeof datasetNames)[number]

const fashionClasses = [
  'T-shirt/top',
  'Trouser',
  'Pullover',
  'Dress',
  'Coat',
  'Sandal',
  'Shirt',
  'Sneaker',
  'Bag',
  'Ankle boot',
]

/** Mean and standard deviation of Fashion-MNIST's 60,000 training images, of values in [0, 1]. */
const fashionPreprocessing: Preprocessing = { resize: 'bilinear', mean: [0.286], standardDeviation: [0.353] }

/** Where Debian's package `dataset-fashion-mnist` puts it. */
const debianFolder = '/usr/share/datasets/fashion-mnist'

/** Whether a text is the name of a known set. */
export const isDatasetName = (text: string): text is DatasetName => datasetNames.some((name) => name === text)

/** Where a known set is fetched from, and how it is divided. */
export interface NamedDataOptions extends FindOptions, SplitOptions {}

const namedOptions = defineOptions({
  ...splitOptions,
  onProgress: optional(functionOf<NonNullable<FindOptions['onProgress']>>()),
})

/**
 * A set that is known by name: found in an installed package, a system folder or the cache, otherwise fetched into the cache, its
 * sum checked. It has images to train on and to test on; some of the former are set aside to validate on where `validationPart` says so.
 *
 * @throws ConvzooError of kind `option` for an unknown name; of kind `file` that says where to put the files, if they cannot be fetched.
 * @example
 * const { load } = await namedData('fashion-mnist')
 * const dataset = await load('train', { imageShape: [28, 28, 1] })
 */
export async function namedData(name: DatasetName, options: NamedDataOptions = {}): Promise<DataSource> {
  namedOptions.parse('namedData', options)
  const { onProgress, ...division } = options
  const told = onProgress === undefined ? {} : { onProgress }
  switch (name) {
    case 'mnist':
      return idxSource(name, mnistClasses, mnistPreprocessing, division, (split) =>
        findIdx(name, split, mnistFolders(), mnistOriginal, told),
      )
    case 'fashion-mnist':
      return idxSource(name, fashionClasses, fashionPreprocessing, division, (split) =>
        findIdx(name, split, [debianFolder], fashionMnistOriginal, told),
      )
    case 'cifar10':
    case 'cifar100': {
      const folder = await findCifar(name, told)
      const { classes } = await cifar(folder, { split: 'test' })
      const preprocessing = cifarPreprocessing[name]
      return ofSamples(
        { name, classes, preprocessing, hasTest: true, open: (split, more) => cifar(folder, { ...more, split }) },
        division,
      )
    }
    default:
      throw new ConvzooError({
        kind: 'option',
        message: 'There is no dataset of this name.',
        expected: `one of ${datasetNames.join(', ')}`,
        received: describeValue(name),
      })
  }
}

function idxSource(
  name: string,
  classes: readonly string[],
  preprocessing: Preprocessing,
  division: SplitOptions,
  find: (split: 'train' | 'test') => Promise<{ readonly images: string; readonly labels: string }>,
): DataSource {
  return ofSamples(
    {
      name,
      classes,
      preprocessing,
      hasTest: true,
      open: async (split, options) => idxDataset({ name, classes, ...options, ...(await find(split)) }),
    },
    division,
  )
}

function mnistFolders(): readonly string[] {
  try {
    return [findMnist()]
  } catch {
    return []
  }
}
