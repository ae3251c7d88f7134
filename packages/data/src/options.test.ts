import { defineDataset } from '@convzoo/core/define'
import { describeOptions } from '../../../tools/option-face.js'
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
const arrays = { images: new Uint8Array(4), shape: [2, 2, 1], labels: [0] } as const
const preprocessing = { resize: 'bilinear', mean: [0], standardDeviation: [1] } as const

const none = defineDataset({
  specification: 'dataset/v1',
  name: 'none',
  title: 'none',
  options: {},
  load: () => ({ classes: ['a'], train: () => arrays }),
})

/** A set in memory with a split to train on. */
const source = () => entry.openData('mnist', { validationSplit: 0 })

describeOptions('@convzoo/data', {
  exports: entry,
  cases: {
    arrayDataset: (unknown) => entry.arrayDataset({ ...arrays, ...unknown }),
    cifar: (unknown) => entry.cifar('nowhere', { split: 'train', ...unknown }),
    idxDataset: (unknown) => entry.idxDataset({ images: 'nowhere', labels: 'nowhere', ...unknown }),
    imageDataset: (unknown) => entry.imageDataset(listing, { imageShape, ...unknown }),
    imageFolder: (unknown) => entry.imageFolder('nowhere', { ...unknown }),
    manifest: (unknown) => entry.manifest('nowhere.jsonl', { ...unknown }),
    mnist: (unknown) => entry.mnist({ split: 'train', ...unknown }),
    namedData: (unknown) => entry.namedData('mnist', { ...unknown }),
    openData: (unknown) => entry.openData('nowhere', { ...unknown }),
    pictureReader: (unknown) => entry.pictureReader({ imageShape, ...unknown }),
    parseIdx: (unknown) => entry.parseIdx(Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 1, 7), 'labels', { ...unknown }),
    readIdx: (unknown) => entry.readIdx('nowhere', { ...unknown }),
    sourceOf: (unknown) => entry.sourceOf(none, {}, { ...unknown }),
    splitListing: (unknown) => entry.splitListing(listing, { ...unknown }),
    synthetic: (unknown) => entry.synthetic({ shape: [4, 4, 1], ...unknown }),
    tarShards: (unknown) => entry.tarShards('nowhere.tar', { ...unknown }),
    fitWhitening: async (unknown) =>
      entry.fitWhitening(
        await source(),
        {
          ...{ imageShape: [4, 4, 1], limit: 1 },
          preprocessing: {
            ...{ resize: 'bilinear', mean: [0], standardDeviation: [1] },
            whitening: { type: 'zca', contrast: 55, epsilon: 0.1 },
          },
        },
        { ...unknown },
      ),
    trainingStatistics: async (unknown) =>
      entry.trainingStatistics(await source(), { imageShape: [4, 4, 1], limit: 1 }, { ...unknown }),
  },
  without: { 'takes a folder': ['cifarOf'], 'takes paths and names': ['imageFiles'] },
})

describeOptions('@convzoo/data/inspect', {
  exports: inspect,
  cases: {
    displayedImages: (unknown) =>
      inspect.displayedImages(new Float32Array(48), { shape: imageShape, preprocessing, ...unknown }),
    contactSheet: (unknown) =>
      inspect.contactSheet(new Float32Array(48), { shape: imageShape, preprocessing, columns: 1, ...unknown }),
    inspectImages: (unknown) => inspect.inspectImages(splits, { ...unknown }),
    sheetLayout: (unknown) => inspect.sheetLayout(1, { shape: imageShape, columns: 1, ...unknown }),
  },
  without: {},
})

describeOptions('a source of @convzoo/data', {
  exports: { load: () => undefined },
  cases: { load: async (unknown) => (await source()).load('train', { imageShape: [4, 4, 1], limit: 1, ...unknown }) },
  without: {},
})
