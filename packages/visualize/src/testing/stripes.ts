import {
  adamW,
  conv2d,
  type Dataset,
  dense,
  functionalModel,
  globalAveragePooling2d,
  input,
  maxPool2d,
  type NamedTensor,
} from '@convzoo/core'
import { permutation, seedWords } from '@convzoo/core/engine'
import { onnx } from '@convzoo/engine-onnx'
import { Trainer } from '@convzoo/trainer'
import type { Network } from '../inside/network.js'
import { Noise } from '../inside/noise.js'
import { networkOf } from './networks.js'

/** Noise with a patch of stripes somewhere: across in one class, down in the other. Nothing else tells them apart. */
export const side = 32
export const patch = 10

export interface Planted {
  readonly pixels: Float32Array
  readonly label: number
  readonly top: number
  readonly left: number
}

export function planted(sample: number): Planted {
  const pixels = new Noise(5).of(sample, side * side).map((value) => 0.3 * value)
  const [row = 0, column = 0] = [0, 1].map((axis) => permutation(seedWords(axis), 'place', sample, side - patch + 1)[0])
  const label = sample % 2
  for (let y = 0; y < patch; y++) {
    for (let x = 0; x < patch; x++)
      pixels[(row + y) * side + column + x] = Math.floor((label === 0 ? y : x) / 2) % 2 === 0 ? 1.5 : -1.5
  }
  return { pixels, label, top: row, left: column }
}

export const trainingSamples = 400
const samples = Array.from({ length: trainingSamples }, (_, index) => planted(index))
export const stripes: Dataset = {
  specification: 'dataset/v1',
  name: 'stripes',
  length: trainingSamples,
  classes: ['across', 'down'],
  imageShape: [side, side, 1],
  labels: samples.map(({ label }) => label),
  batch: async (indices) => {
    const all = Array.from(indices).flatMap((index) => samples[index] ?? [])
    return {
      images: Float32Array.from(all.flatMap(({ pixels }) => [...pixels])),
      targets: Float32Array.from(all.flatMap(({ label }) => [1 - label, label])),
    }
  },
}

/** A network that was trained to tell the stripes apart: its weights, by their names. */
export async function trainedOnStripes(): Promise<{
  readonly network: Network
  readonly weights: readonly NamedTensor[]
}> {
  const images = input({ shape: [side, side, 1] })
  let x = conv2d({ filters: 8, kernelSize: 5, padding: 'same', activation: 'relu' })(images)
  x = maxPool2d({ poolSize: 2, strides: 2 })(x)
  x = conv2d({ filters: 16, kernelSize: 3, padding: 'same', activation: 'relu' })(x)
  x = globalAveragePooling2d()(x)
  const model = functionalModel({ inputs: images, output: dense({ units: 2, activation: 'softmax' })(x) })
  const engine = onnx({ device: 'cpu', threads: 1 })
  await using trainer = new Trainer({ model, engine, optimizer: adamW({ learningRate: 0.004 }) })
  const { epochs } = await trainer.fit(stripes, { epochs: 16, batchSize: 20 })
  if (!((epochs.at(-1)?.training.top1 ?? 0) > 0.97)) throw new Error('The network has not learnt.')
  const weights: NamedTensor[] = []
  for await (const { name, shape, data } of trainer.readWeights()) weights.push({ name, shape, data: data.slice() })
  return { network: networkOf(model, weights, engine), weights }
}
