import type { ImageShape, Preprocessing } from '@convzoo/core'
import type { OpenWeightsOptions } from '@convzoo/run'
import { onnxNetwork } from './onnx-network.js'
import { weightsNetwork } from './weights-network.js'

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

/** A run, a file of weights, or an ONNX model: opened, with its weights, and compiled for what it will be asked. */
export const openNetwork = (place: string, choice: NetworkChoice): Promise<ServedNetwork> =>
  /\.onnx$/i.test(place) ? onnxNetwork(place, choice) : weightsNetwork(place, choice)
