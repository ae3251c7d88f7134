import { stat } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { ConvzooError } from '@convzoo/core'
import { requireArguments, requireKnownOptions, text } from '@convzoo/core/define'
import { unreadable } from '@convzoo/files'
import { cifar, cifarOf, cifarPreprocessing } from '../cifar/index.js'
import { idxDataset } from '../dataset/index.js'
import { datasetNames, isDatasetName, namedData } from '../datasets/named.js'
import { isUrl } from '../download/index.js'
import { idxFiles } from '../idx/idx-files.js'
import { readIdx } from '../idx/index.js'
import { localIdx } from '../idx/local-idx.js'
import { type DataSource, ofImages } from './data-source.js'
import { imageFolder } from './image-folder.js'
import type { ShardEvents } from './local-shard.js'
import { manifest } from './manifest.js'
import { ofSamples } from './sample-source.js'
import type { SplitOptions } from './splits.js'
import { tarShards } from './tar-shards.js'

export interface SourceOptions extends SplitOptions, ShardEvents {}

/**
 * Opens what a user points at: a set that is known by name (`mnist`, `fashion-mnist`, `cifar10`, `cifar100`); a folder of photographs, of
 * CIFAR's or of MNIST's files; a `.tar`, `.tar.gz` or `.tgz`; a `.jsonl`; an http address of a tar. A folder that is called like a known
 * set is `./mnist`.
 *
 * @throws ConvzooError of kind `file` or `data` if it cannot be read, or is nothing of these; of kind `option` for a bad option, or one
 * that does not fit the source.
 * @example
 * const source = await openData('flowers')
 * const dataset = await source.load('train', { imageShape: [227, 227, 3] })
 */
export async function openData(source: string, options: SourceOptions = {}): Promise<DataSource> {
  requireArguments('openData', { source: [text, source] })
  requireKnownOptions('openData', options, ['validationSplit', 'splitSeed', 'onProgress', 'onWarning'])
  const { onProgress, onWarning: _, ...division } = options
  if (isDatasetName(source))
    return namedData(source, { ...division, ...(onProgress === undefined ? {} : { onProgress }) })
  if (/\.(?:tar|tar\.gz|tgz)$/i.test(source.replace(/[?#].*$/, ''))) return ofImages(await tarShards(source, options))
  if (isUrl(source)) throw unknown(source)
  const status = await stat(source).catch((cause: unknown) => {
    throw unreadable(source, `a folder, a .tar or a .jsonl file, or one of ${datasetNames.join(', ')}`, cause)
  })
  if (!status.isDirectory()) {
    if (/\.jsonl$/i.test(source)) return ofImages(await manifest(source, division))
    throw unknown(source)
  }
  const known = await cifarOf(source)
  if (known !== undefined) return cifarSource(source, known, division)
  return (await idxSource(source, division)) ?? ofImages(await imageFolder(source, division))
}

async function cifarSource(
  folder: string,
  known: keyof typeof cifarPreprocessing,
  division: SplitOptions,
): Promise<DataSource> {
  const { name, classes } = await cifar(folder, { split: 'test' })
  const preprocessing = cifarPreprocessing[known]
  return ofSamples(
    { name, classes, preprocessing, hasTest: true, open: (split, options) => cifar(folder, { ...options, split }) },
    division,
  )
}

/** A folder with MNIST's four files, plain or gzipped; those to test on may be missing. */
async function idxSource(folder: string, division: SplitOptions): Promise<DataSource | undefined> {
  const find = (file: string): Promise<string | undefined> => localIdx(folder, file)
  const labels = await find(idxFiles.train.labels)
  if (labels === undefined) return undefined
  const { data } = await readIdx(labels, { dimensions: 1 })
  const classes = Array.from(
    { length: data.reduce((most, label) => Math.max(most, label), 0) + 1 },
    (_, label) => `${label}`,
  )
  const test = await Promise.all([find(idxFiles.test.images), find(idxFiles.test.labels)])
  return ofSamples(
    {
      name: basename(resolve(folder)),
      classes,
      hasTest: test.some((path) => path !== undefined),
      open: async (split, options) => {
        const pathOf = async (file: string): Promise<string> => (await find(file)) ?? join(folder, file)
        const { images, labels: labelFile } = idxFiles[split]
        return idxDataset({ ...options, classes, images: await pathOf(images), labels: await pathOf(labelFile) })
      },
    },
    division,
  )
}

function unknown(source: string): ConvzooError {
  return new ConvzooError({
    kind: 'option',
    message: `${source} is no source of images that is known.`,
    expected: `a folder, a .tar, .tar.gz or .tgz (also at an http address), a .jsonl manifest, or one of ${datasetNames.join(', ')}`,
    received: basename(source),
  })
}
