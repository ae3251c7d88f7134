import { ConvzooError, type Dataset, describeValue, type Preprocessing } from '@convzoo/core'
import { cifar, cifarPreprocessing } from '../cifar/index.js'
import { idxDataset, type SampleOptions } from '../dataset/index.js'
import { findMnist } from '../mnist/find-mnist.js'
import { mnistClasses, mnistPreprocessing } from '../mnist/mnist.js'
import type { DataSource } from '../sources/data-source.js'
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

/**
 * A set that is known by name: found in an installed package, a system folder or the cache, otherwise fetched into the cache, its
 * sum checked.
 *
 * @throws ConvzooError of kind `option` for an unknown name; of kind `file` that says where to put the files, if they cannot be fetched.
 * @example
 * const { load } = await namedData('fashion-mnist')
 * const dataset = await load('train', { imageShape: [28, 28, 1] })
 */
export async function namedData(name: DatasetName, options: FindOptions = {}): Promise<DataSource> {
  switch (name) {
    case 'mnist':
      return idxSource(name, mnistClasses, mnistPreprocessing, (split) =>
        findIdx(name, split, mnistFolders(), mnistOriginal, options),
      )
    case 'fashion-mnist':
      return idxSource(name, fashionClasses, fashionPreprocessing, (split) =>
        findIdx(name, split, [debianFolder], fashionMnistOriginal, options),
      )
    case 'cifar10':
    case 'cifar100': {
      const folder = await findCifar(name, options)
      const { classes } = await cifar(folder, { split: 'test' })
      const preprocessing = cifarPreprocessing[name]
      return { name, classes, preprocessing, load: (split, more) => cifar(folder, { preprocessing, ...more, split }) }
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
  find: (split: 'train' | 'test') => Promise<{ readonly images: string; readonly labels: string }>,
): DataSource {
  const load = async (split: 'train' | 'test', options: SampleOptions): Promise<Dataset> =>
    idxDataset({ name, classes, preprocessing, ...options, ...(await find(split)) })
  return { name, classes, preprocessing, load }
}

function mnistFolders(): readonly string[] {
  try {
    return [findMnist()]
  } catch {
    return []
  }
}
