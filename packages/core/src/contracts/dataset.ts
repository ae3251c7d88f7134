import type { Preprocessing } from './preprocessing.js'

/** The contract that this file is. */
export const datasetSpecification = 'dataset/v1'

/** Height, width and channels of an image. */
export type ImageShape = readonly [number, number, number]

/**
 * What images are for: `train` to learn from, `validation` to look at while training goes on, when it may choose between epochs or
 * settings, and `test` to look at once, at the end.
 */
export const splitNames = ['train', 'validation', 'test'] as const
export type Split = (typeof splitNames)[number]

/** Samples as a trainer consumes them. Targets are soft: one-hot, smoothed and mixed labels look alike. */
export interface Batch {
  /** [N, H, W, C], preprocessed. */
  readonly images: Float32Array
  /** [N, classes], each row sums to 1. */
  readonly targets: Float32Array
  /** Rows whose image could not be read: another stands in its place, which an evaluation leaves out. */
  readonly skipped?: readonly number[]
}

/** What a batch is for. Augmentation draws from `seed`, `epoch` and a sample's index alone, never from how samples were batched. */
export interface BatchPurpose {
  /** False: no augmentation, the same pixels each time. */
  readonly training: boolean
  readonly seed: number
  /** From 0. */
  readonly epoch: number
  /** In an evaluation: which of the ten crops (centre, four corners, the same mirrored), from 0; the centre by default. */
  readonly view?: number
}

/**
 * Images with classes, by index. Make one from arrays with `arrayDataset`, or read one with @convzoo/data. One of your own needs no
 * more than the first six members.
 */
export interface Dataset {
  readonly specification: typeof datasetSpecification
  /** What it is, in a word: `mnist`. */
  readonly name: string
  readonly length: number
  readonly classes: readonly string[]
  /** What a sample looks like after preprocessing. */
  readonly imageShape: ImageShape
  /** The samples at these indices, in their order. The arrays belong to the caller. Without a purpose: for evaluation. */
  batch(indices: ArrayLike<number>, purpose?: BatchPurpose): Promise<Batch>
  /** The class of each sample, where it is known beforehand: its index among `classes`. */
  readonly labels?: ArrayLike<number>
  /**
   * A hash of what the samples are, in their order: names, sizes and labels, the latter by the names of their classes, so that neither
   * the place where they are kept nor the order of the classes counts. Two datasets of one fingerprint hold the same data; training is
   * resumed on no other. Without it, data are told apart by name, length, classes and image shape.
   */
  fingerprint?(): Promise<string>
  /** How many batches may be in the making at once; 1 by default. */
  readonly concurrency?: number
  /** Takes back the arrays of a batch that the caller needs no more, to fill them again. */
  recycle?(batch: Batch): void
  /** Ends what works for it in the background. */
  dispose?(): Promise<void>
}

/** Images in memory and their classes, before they are made to fit a network. */
export interface LabelledImages {
  /** [N, H, W, C], row-major: bytes from 0 to 255, or floats in [0, 1]. Not copied. */
  readonly images: Uint8Array | Float32Array
  /** [H, W, C] of each image. */
  readonly shape: ImageShape
  /** Indices into the classes, [N]. */
  readonly labels: ArrayLike<number>
}

/** How a network wants its images. */
export interface WantedImages {
  readonly imageShape: ImageShape
  /** From a picture to the network's input, augmentation included; nothing but scaling to [0, 1] where it is not said. */
  readonly preprocessing?: Preprocessing | undefined
}

/**
 * The images of a split. As they are, in memory: whoever asked makes them fit the network. Or, for a set that is too large for that or
 * is no pictures, a {@link Dataset} that gives them as the network wants them.
 */
export type SplitImages = LabelledImages | Dataset

/** A set of images in its splits. */
export interface SplitDataset {
  readonly specification: typeof datasetSpecification
  readonly name: string
  /** By index, the same in all splits. */
  readonly classes: readonly string[]
  /** The set's own statistics, where they are known. */
  readonly preprocessing?: Preprocessing
  /** Which splits it has, in the order of {@link splitNames}; `train` is among them. */
  readonly splits: readonly Split[]
  /**
   * @throws ConvzooError of kind `data` if there is no such split or what it holds does not fit what the set says of itself; whatever
   * reading it throws.
   */
  load(split: Split, wanted: WantedImages): Promise<SplitImages>
}
