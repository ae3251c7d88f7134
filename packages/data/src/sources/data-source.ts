import { stat } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { ConvzooError, type Dataset, type ImageShape, type Preprocessing } from '@convzoo/core'
import { unreadable } from '@convzoo/files'
import type { CacheOptions } from '../cache/index.js'
import { cifar, cifarOf, cifarPreprocessing } from '../cifar/index.js'
import { idxDataset } from '../dataset/index.js'
import { isUrl } from '../download/index.js'
import { readIdx } from '../idx/index.js'
import { localIdx } from '../idx/local-idx.js'
import { type BadImageOptions, imageDataset } from '../images/index.js'
import { idxFiles } from '../named/originals.js'
import { imageFolder } from './image-folder.js'
import type { ShardEvents } from './local-shard.js'
import { manifest } from './manifest.js'
import type { ImageSplits, SplitOptions } from './splits.js'
import { tarShards } from './tar-shards.js'

export interface SourceOptions extends SplitOptions, ShardEvents {}

/** How one split of a source is loaded. What is of no use for a source is not looked at. */
export interface LoadOptions extends BadImageOptions, CacheOptions {
  readonly imageShape: ImageShape
  readonly preprocessing?: Preprocessing
  readonly limit?: number
  readonly workers?: number
}

/** Data to train on and to test on, whatever it is made of. */
export interface DataSource {
  readonly name: string
  readonly classes: readonly string[]
  /** The set's own statistics, where it is known for them. */
  readonly preprocessing?: Preprocessing
  /** The images as they are stored, where they are files. */
  readonly images?: ImageSplits
  load(split: 'train' | 'test', options: LoadOptions): Promise<Dataset>
}

/**
 * Opens what a user points at: a folder of photographs, of CIFAR's or of MNIST's files; a `.tar`, `.tar.gz` or `.tgz`; a `.jsonl`; an
 * http address of a tar.
 *
 * @throws ConvzooError of kind `file` or `data` if it cannot be read, or is nothing of these.
 * @example
 * const source = await openData('flowers')
 * const dataset = await source.load('train', { imageShape: [227, 227, 3] })
 */
export async function openData(source: string, options: SourceOptions = {}): Promise<DataSource> {
  if (/\.(?:tar|tar\.gz|tgz)$/i.test(source.replace(/[?#].*$/, ''))) return ofImages(await tarShards(source, options))
  if (isUrl(source)) throw unknown(source)
  const status = await stat(source).catch((cause: unknown) => {
    throw unreadable(source, 'a folder, a .tar or a .jsonl file', cause)
  })
  if (!status.isDirectory()) {
    if (/\.jsonl$/i.test(source)) return ofImages(await manifest(source, options))
    throw unknown(source)
  }
  const known = await cifarOf(source)
  if (known !== undefined) {
    const { name, classes } = await cifar(source, { split: 'test' })
    const preprocessing = cifarPreprocessing[known]
    return { name, classes, preprocessing, load: (split, more) => cifar(source, { preprocessing, ...more, split }) }
  }
  return (await ofIdx(source)) ?? ofImages(imageFolder(source, options))
}

function ofImages(images: ImageSplits): DataSource {
  const { name, classes } = images.train
  return {
    name,
    classes,
    images,
    load: async (split, options) => imageDataset(split === 'train' ? images.train : images.validation, options),
  }
}

/** A folder with MNIST's four files, plain or gzipped. */
async function ofIdx(folder: string): Promise<DataSource | undefined> {
  const labels = await localIdx(folder, idxFiles.train.labels)
  if (labels === undefined) return undefined
  const { data } = await readIdx(labels, { dimensions: 1 })
  const classes = Array.from(
    { length: data.reduce((most, label) => Math.max(most, label), 0) + 1 },
    (_, label) => `${label}`,
  )
  return {
    name: basename(resolve(folder)),
    classes,
    load: async (split, options) => {
      const pathOf = async (file: string): Promise<string> => (await localIdx(folder, file)) ?? join(folder, file)
      const { images, labels: labelFile } = idxFiles[split]
      return idxDataset({ ...options, classes, images: await pathOf(images), labels: await pathOf(labelFile) })
    },
  }
}

function unknown(source: string): ConvzooError {
  return new ConvzooError({
    kind: 'option',
    message: `${source} is no source of images that is known.`,
    expected: 'a folder, a .tar, .tar.gz or .tgz (also at an http address), or a .jsonl manifest',
    received: basename(source),
  })
}
