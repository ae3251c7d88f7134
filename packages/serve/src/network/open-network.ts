import { onnxNetwork } from './onnx-network.js'
import type { NetworkChoice, ServedNetwork } from './served-network.js'
import { weightsNetwork } from './weights-network.js'

/** A run, a file of weights, or an ONNX model: opened, with its weights, and compiled for what it will be asked. */
export const openNetwork = (place: string, choice: NetworkChoice): Promise<ServedNetwork> =>
  /\.onnx$/i.test(place) ? onnxNetwork(place, choice) : weightsNetwork(place, choice)
