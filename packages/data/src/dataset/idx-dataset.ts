import { basename } from 'node:path'
import { classNames, defineOptions, optional, text } from '@convzoo/core/define'
import { readIdx, readIdxStart } from '../idx/read-idx.js'
import { sampleParts } from './kinds.js'
import { checkedClasses, datasetOf, type SampleDataset, type SampleOptions } from './samples.js'

export interface IdxDatasetOptions extends SampleOptions {
  /** Path of an IDX file of images [N, H, W], grey bytes, plain or gzipped. */
  readonly images: string
  /** Path of an IDX file of labels [N], plain or gzipped. */
  readonly labels: string
  /** `'0'` to the largest label by default. */
  readonly classes?: readonly string[]
  /** The name of the images' file by default. */
  readonly name?: string
}

const parts = defineOptions({
  images: text,
  labels: text,
  classes: optional(classNames),
  name: optional(text),
  ...sampleParts,
})

/**
 * A dataset from two IDX files, the format of MNIST and its relatives. As many images as `limit` allows are read into memory as
 * bytes; batches are made of them as they are asked for.
 *
 * @throws ConvzooError of kind `file` if a file is missing or damaged, of kind `data` if they do not fit together, of kind `option`
 * for a bad option.
 * @example
 * const dataset = await idxDataset({
 *   images: 'train-images-idx3-ubyte.gz',
 *   labels: 'train-labels-idx1-ubyte.gz',
 *   imageShape: [67, 67, 1],
 * })
 */
export async function idxDataset(given: IdxDatasetOptions): Promise<SampleDataset> {
  const { images, labels, classes, name, ...options } = parts.parse('idxDataset', given)
  const { limit } = options
  const [pictures, targets] = await Promise.all([
    readIdxStart(images, { dimensions: 3 }, limit),
    // All of them: they say which classes there are.
    readIdx(labels, { dimensions: 1 }),
  ])
  const [length = 0, height = 0, width = 0] = pictures.shape
  return datasetOf(
    {
      name: name ?? basename(images),
      length,
      shape: [height, width, 1],
      images: pictures.data,
      one: 255,
      labels: targets.data.subarray(0, length),
      classes: checkedClasses(labels, targets.data, pictures.total, classes),
    },
    options,
  )
}
