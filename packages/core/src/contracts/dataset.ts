/** Height, width and channels of an image. */
export type ImageShape = readonly [number, number, number]

/** Samples as a trainer consumes them. Targets are soft: one-hot, smoothed and mixed labels look alike. */
export interface Batch {
  /** [N, H, W, C], preprocessed. */
  readonly images: Float32Array
  /** [N, classes], each row sums to 1. */
  readonly targets: Float32Array
}

/**
 * Images with classes, by index. Make one from arrays with `arrayDataset`, or read one with @convzoo/data.
 */
export interface Dataset {
  readonly specification: 'dataset/v1'
  /** What it is, in a word: `mnist`. */
  readonly name: string
  readonly length: number
  readonly classes: readonly string[]
  /** What a sample looks like after preprocessing. */
  readonly imageShape: ImageShape
  /** The samples at these indices, in their order. The arrays belong to the caller. */
  batch(indices: ArrayLike<number>): Promise<Batch>
}

/** From a picture's bytes to a network's input, as plain data: resize, scale to [0, 1], subtract the mean, divide by the deviation. */
export interface Preprocessing {
  readonly resize: 'bilinear'
  /** Per channel, of values in [0, 1]. One number serves all channels. */
  readonly mean: readonly number[]
  /** Per channel, of values in [0, 1]. One number serves all channels. */
  readonly standardDeviation: readonly number[]
}
