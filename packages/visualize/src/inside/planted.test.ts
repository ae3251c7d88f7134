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
import { beforeAll, describe, expect, it } from 'vitest'
import { gradCam, integratedGradients, type Network, occlusion, resized } from './index.js'
import { fillNoise } from './noise.js'

/** Noise with a patch of stripes somewhere: across in one class, down in the other. Nothing else tells them apart. */
const [side, patch] = [32, 10]

interface Planted {
  readonly pixels: Float32Array
  readonly label: number
  readonly top: number
  readonly left: number
}

function planted(sample: number): Planted {
  const pixels = new Float32Array(side * side)
  fillNoise(pixels, { seed: 5, copy: 0, sample })
  for (const [at, value] of pixels.entries()) pixels[at] = 0.3 * value
  const [row = 0, column = 0] = [0, 1].map((axis) => permutation(seedWords(axis), 'place', sample, side - patch + 1)[0])
  const label = sample % 2
  for (let y = 0; y < patch; y++) {
    for (let x = 0; x < patch; x++)
      pixels[(row + y) * side + column + x] = Math.floor((label === 0 ? y : x) / 2) % 2 === 0 ? 1.5 : -1.5
  }
  return { pixels, label, top: row, left: column }
}

const trainingSamples = 400
const samples = Array.from({ length: trainingSamples }, (_, index) => planted(index))
const dataset: Dataset = {
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

const looked = Array.from({ length: 8 }, (_, index) => planted(trainingSamples + index))
const images = Float32Array.from(looked.flatMap(({ pixels }) => [...pixels]))

let network: Network
beforeAll(async () => {
  const images = input({ shape: [side, side, 1] })
  let x = conv2d({ filters: 8, kernelSize: 5, padding: 'same', activation: 'relu' })(images)
  x = maxPool2d({ poolSize: 2, strides: 2 })(x)
  x = conv2d({ filters: 16, kernelSize: 3, padding: 'same', activation: 'relu' })(x)
  x = globalAveragePooling2d()(x)
  const model = functionalModel({ inputs: images, output: dense({ units: 2, activation: 'softmax' })(x) })
  const engine = onnx({ device: 'cpu', threads: 1 })
  await using trainer = new Trainer({ model, engine, optimizer: adamW({ learningRate: 0.01 }) })
  const { epochs } = await trainer.fit(dataset, { epochs: 12, batchSize: 20 })
  expect(epochs.at(-1)?.training.top1).toBeGreaterThan(0.97)
  const weights: NamedTensor[] = []
  for await (const tensor of trainer.readWeights()) weights.push(tensor)
  network = {
    model,
    engine,
    async *readWeights() {
      yield* weights
    },
  }
}, 60_000)

/** What is above a part of the largest value, beside where the patch is: what both have, of what either has. */
function overlap(map: ArrayLike<number>, { top, left }: Planted, part: number): number {
  const largest = Array.from(map).reduce((most, value) => Math.max(most, value), 0)
  let [both, either] = [0, 0]
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const found = (map[y * side + x] ?? 0) > part * largest
      const there = y >= top && y < top + patch && x >= left && x < left + patch
      if (found && there) both++
      if (found || there) either++
    }
  }
  return both / either
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

/** The mean of each pixel's surroundings. */
function smoothed(values: Float32Array, reach: number): Float32Array {
  return values.map((_, at) => {
    const [row, column] = [Math.floor(at / side), at % side]
    let [sum, count] = [0, 0]
    for (let y = Math.max(0, row - reach); y <= Math.min(side - 1, row + reach); y++) {
      for (let x = Math.max(0, column - reach); x <= Math.min(side - 1, column + reach); x++) {
        sum += values[y * side + x] ?? 0
        count++
      }
    }
    return sum / count
  })
}

const each = (values: Float32Array, index: number): Float32Array =>
  values.subarray(index * side * side, (index + 1) * side * side)

describe('a patch that alone tells the classes apart is found', () => {
  const classes = looked.map(({ label }) => label)

  it('by Grad-CAM', async () => {
    const { values } = resized(await gradCam(network, { images, classes }), [side, side])
    expect(mean(looked.map((sample, index) => overlap(each(values, index), sample, 0.3)))).toBeGreaterThan(0.6)
  })

  it('by integrated gradients', async () => {
    const { values } = await integratedGradients(network, { images, classes })
    const maps = looked.map((_, index) => smoothed(each(values, index).map(Math.abs), 1))
    expect(mean(looked.map((sample, index) => overlap(maps[index] ?? [], sample, 0.25)))).toBeGreaterThan(0.6)
  })

  it('by a square that covers it', async () => {
    const found = await occlusion(network, { images, classes, square: 5, stride: 1 })
    const { height, width, values } = found.features
    const cells = height * width
    const overlaps = looked.map((sample, index) => {
      const own = values.subarray(index * cells, (index + 1) * cells)
      const most = own.reduce((largest, value) => Math.max(largest, value), 0)
      // What is lost where a pixel is in the middle of the square.
      const lost = Float32Array.from({ length: side * side }, (_, at) => {
        const [y, x] = [Math.floor(at / side) - 2, (at % side) - 2]
        return y < 0 || x < 0 || y >= height || x >= width ? 0 : most - (own[y * width + x] ?? 0)
      })
      return overlap(lost, sample, 0.5)
    })
    expect(mean(overlaps)).toBeGreaterThan(0.6)
  })
})
