import { runInNewContext } from 'node:vm'
import { defineDataset } from '@convzoo/core/define'
import { describe, expect, it } from 'vitest'
import { describeArguments, methodsOf } from '../../../tools/argument-face.js'
import type { ImageListing } from './images/index.js'
import * as entry from './index.js'
import * as inspect from './inspect.js'

const listing: ImageListing = {
  name: 'one',
  classes: ['a', 'b'],
  images: [{ path: 'nowhere.jpg', name: 'nowhere.jpg', label: 0 }],
  refused: [],
}
const splits = { train: listing, notes: [] }
const imageShape = [4, 4, 3] as const
const preprocessing = { resize: 'bilinear', mean: [0], standardDeviation: [1] } as const
const source = await entry.openData('mnist', { validationSplit: 0 })
const load = { imageShape: [4, 4, 1], preprocessing, limit: 1 }
const whitened = {
  ...load,
  preprocessing: { ...preprocessing, whitening: { type: 'zca', contrast: 55, epsilon: 0.1 } },
} as const
const samples = { imageShape, preprocessing, limit: 1 }
const division = { validationSplit: 0.2, splitSeed: 1 }

const none = defineDataset({
  specification: 'dataset/v1',
  name: 'none',
  title: 'none',
  options: {},
  load: () => ({ classes: ['a'], train: () => ({ images: new Uint8Array(4), shape: [2, 2, 1], labels: [0] }) }),
})

describeArguments('@convzoo/data', {
  exports: entry,
  made: [listing, splits, source, preprocessing, none],
  calls: {
    arrayDataset: [{ images: new Uint8Array(4), shape: [2, 2, 1], labels: [0], classes: ['a'], name: 'x', ...samples }],
    cifar: ['nowhere', { split: 'train', ...samples }],
    cifarOf: ['nowhere'],
    idxDataset: [{ images: 'nowhere', labels: 'nowhere', classes: ['a'], name: 'x', ...samples }],
    imageDataset: [
      listing,
      { ...samples, workers: 1, maxPixels: 100, shrinkOnLoad: true, onBadImage: 'skip', maxBad: 1, cache: 'none' },
    ],
    imageFiles: [['nowhere'], ['a']],
    imageFolder: ['nowhere', { ...division }],
    manifest: ['nowhere.jsonl', { ...division }],
    mnist: [{ split: 'train', ...samples }],
    namedData: ['mnist', { ...division }],
    openData: ['nowhere', { ...division }],
    pictureReader: [{ imageShape, preprocessing, workers: 1, maxPixels: 100, shrinkOnLoad: true }],
    parseIdx: [Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 1, 7), 'labels', { dimensions: 1 }],
    readIdx: ['nowhere', { dimensions: 1 }],
    sourceOf: [none, {}, { ...division }],
    splitListing: [listing, { ...division }],
    synthetic: [{ shape: [4, 4, 1], ...samples }],
    tarShards: ['nowhere.tar', {}],
    fitWhitening: [source, whitened, {}],
    trainingStatistics: [source, load, {}],
  },
  absent: ['cifar', 'idxDataset', 'imageFiles', 'imageFolder', 'manifest', 'openData', 'readIdx', 'tarShards'],
  accepts: {
    arrayDataset: { '0.classes': 'list' },
    namedData: { 1: 'nothing' },
    parseIdx: { 2: 'nothing' },
    sourceOf: { 1: 'nothing', 2: 'nothing' },
    splitListing: { 1: 'nothing' },
    // A controller has the option "signal".
    fitWhitening: { 2: 'nothing' },
    trainingStatistics: { 2: 'nothing' },
  },
})

describeArguments('@convzoo/data/inspect', {
  exports: inspect,
  made: [splits, preprocessing],
  calls: {
    contactSheet: [new Float32Array(48), { shape: imageShape, preprocessing, columns: 1 }],
    displayedImages: [new Float32Array(48), { shape: imageShape, preprocessing }],
    inspectImages: [splits, {}],
    sheetLayout: [1, { shape: imageShape, columns: 1 }],
  },
  accepts: { inspectImages: { 1: 'nothing' } },
})

describeArguments('a source of @convzoo/data', {
  exports: methodsOf(source),
  made: [preprocessing],
  calls: { load: ['train', load] },
})

const dataset = entry.arrayDataset({ images: new Uint8Array(8), shape: [2, 2, 1], labels: [0, 1] })

describeArguments('a dataset of arrays', {
  exports: methodsOf(dataset),
  calls: {
    batch: [[0, 1], { training: true, seed: 1, epoch: 0, view: 0 }],
    fingerprint: [],
    select: [[0]],
  },
  optional: ['fingerprint'],
  accepts: { batch: { 1: 'nothing' } },
})

const pictures = entry.imageDataset(listing, { imageShape })

describeArguments('a dataset of images', {
  exports: methodsOf(pictures),
  calls: {
    nameOf: [0],
    recycle: [{ images: new Float32Array(48), targets: new Float32Array(2) }],
    fingerprint: [],
    dispose: [],
  },
  optional: ['fingerprint', 'dispose'],
  without: { 'asks a worker thread for what is right, which no test of a source file has': ['batch'] },
})

describe('a batch', () => {
  it.each([
    ['a number', 0],
    ['nothing', undefined],
    ['null', null],
    ['names', ['a']],
    ['an index that is not there', [1]],
    ['a negative index', [-1]],
    ['half an index', [0.5]],
    ['NaN', Float64Array.of(Number.NaN)],
  ])('of %s is refused in words', async (_, indices) => {
    for (const each of [dataset, pictures]) {
      const length = each === dataset ? 2 : 1
      const wanted = Array.isArray(indices) ? indices.map((index) => (index === 1 ? length : index)) : indices
      await expect(each.batch(wanted as never)).rejects.toMatchObject({ name: 'ConvzooError', kind: 'option' })
    }
  })

  it.each([
    [{ training: 'yes', seed: 1, epoch: 0 }],
    [{ training: true, seed: -1, epoch: 0 }],
    [{ training: true, seed: 1 }],
    [{ training: false, seed: 1, epoch: 0, view: 10 }],
    ['training'],
  ])('for %j is refused in words', async (purpose) => {
    for (const each of [dataset, pictures]) {
      await expect(each.batch([0], purpose as never)).rejects.toMatchObject({ name: 'ConvzooError', kind: 'option' })
    }
  })
})

describe('a dataset of arrays of another realm', () => {
  it('holds the same images', async () => {
    const foreign: Uint8Array = runInNewContext('Uint8Array.of(0, 255)')
    expect(foreign).not.toBeInstanceOf(Uint8Array)
    const made = entry.arrayDataset({ images: foreign, shape: [1, 1, 1], labels: [0, 1] })
    expect((await made.batch(runInNewContext('[1]'))).images).toEqual(Float32Array.of(1))
  })
})

describe('what no dataset can be', () => {
  const arrays = { images: new Uint8Array(2), shape: [1, 1, 1], labels: [0, 1] } as const

  it.each([
    ['a negative label', { labels: [0, -1] }],
    ['a label that is no whole number', { labels: [0, 0.5] }],
    ['a label that is not a number', { labels: [0, Number.NaN] }],
    ['a label beyond its classes', { labels: [0, 2], classes: ['a', 'b'] }],
    ['too few labels', { labels: [0] }],
    ['no images', { images: new Uint8Array(0), labels: [] }],
    ['no classes', { classes: [] }],
    ['a class twice', { classes: ['a', 'a'] }],
    ['numbers in a list', { images: [0, 1] }],
    ['a limit below one', { limit: 0 }],
  ])('is refused: %s', (_, changed) => {
    expect(() => entry.arrayDataset({ ...arrays, ...(changed as object) })).toThrow(
      expect.objectContaining({ name: 'ConvzooError' }),
    )
  })

  it.each([0, -1, -0, 1.5, Number.NaN, 100_000, '2'])('is refused: %s workers', (workers) => {
    expect(() => entry.imageDataset(listing, { imageShape, workers: workers as number })).toThrow(
      'a whole number from 1 to 1024',
    )
  })
})
