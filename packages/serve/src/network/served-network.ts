import type { ImageShape, Preprocessing } from '@convzoo/core'
import type { OpenWeightsOptions } from '@convzoo/run'

/** A network that is ready to be asked. */
export interface ServedNetwork {
  /** Its id with the tag, such as `alexnet.torchvision`; of a model that does not say it, the path. */
  readonly id: string
  readonly imageShape: ImageShape
  readonly preprocessing: Preprocessing
  /** In the order of the outputs. */
  readonly classes: readonly string[]
  /**
   * @param images [N, H, W, C], preprocessed, row-major, for any N.
   * @returns [N, classes]
   */
  predict(images: Float32Array): Promise<Float32Array>
  dispose(): Promise<void>
}

/** What is said of a network, and how it is asked. */
export interface NetworkChoice extends OpenWeightsOptions {
  /** Images at once, at most. */
  readonly batchSize: number
}
