import { ConvzooError } from '@convzoo/core'
import { defineOptions, describeValue, functionOf, optional } from '@convzoo/core/define'
import { cifar } from '../cifar/index.js'
import { idxDataset } from '../dataset/index.js'
import type { DataSource } from '../sources/data-source.js'
import { splitOptions } from '../sources/options.js'
import { ofSamples } from '../sources/sample-source.js'
import type { SplitOptions } from '../sources/splits.js'
import type { CifarSet } from './cifar-set.js'
import { cifar10Set } from './cifar10.js'
import { cifar100Set } from './cifar100.js'
import { fashionMnistSet } from './fashion-mnist.js'
import { findCifar } from './find-cifar.js'
import { type FindOptions, findIdx } from './find-idx.js'
import type { IdxSet } from './idx-set.js'
import { mnistSet } from './mnist.js'

/** The sets that are known by name. */
export const datasetNames = ['mnist', 'fashion-mnist', 'cifar10', 'cifar100'] as const
export type DatasetName = (typeof datasetNames)[number]

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
 * sum checked. It has images to train on and to test on; some of the former are set aside to validate on where `validationSplit` says so.
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
  const idx = idxSets.find((set) => set.name === name)
  if (idx !== undefined) return idxSource(idx, division, told)
  const known = cifarSets.find((set) => set.name === name)
  if (known !== undefined) return cifarSource(known, division, told)
  throw new ConvzooError({
    kind: 'option',
    message: 'There is no dataset of this name.',
    expected: `one of ${datasetNames.join(', ')}`,
    received: describeValue(name),
  })
}

const idxSets: readonly IdxSet[] = [mnistSet, fashionMnistSet]
const cifarSets: readonly CifarSet[] = [cifar10Set, cifar100Set]

function idxSource(set: IdxSet, division: SplitOptions, told: FindOptions): DataSource {
  const { name, classes, preprocessing } = set
  return ofSamples(
    {
      name,
      classes,
      preprocessing,
      hasTest: true,
      open: async (split, options) => idxDataset({ name, classes, ...options, ...(await findIdx(set, split, told)) }),
    },
    division,
  )
}

async function cifarSource(set: CifarSet, division: SplitOptions, told: FindOptions): Promise<DataSource> {
  const { name, preprocessing } = set
  const folder = await findCifar(set, told)
  const { classes } = await cifar(folder, { split: 'test' })
  return ofSamples(
    { name, classes, preprocessing, hasTest: true, open: (split, more) => cifar(folder, { ...more, split }) },
    division,
  )
}
