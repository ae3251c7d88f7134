import { conv2d, createModel, type Dataset, dense, flatten, functionalModel, input, maxPool2d } from '@convzoo/core'
import { onnx } from '@convzoo/engine-onnx'
import { nin } from '@convzoo/nin'
import { describe, expect, it } from 'vitest'
import { recorded, recordedNetwork, startingNetwork } from '../testing/networks.js'
import {
  activations,
  classMaps,
  deconvnet,
  evolution,
  filters,
  gradCam,
  inputGradients,
  integratedGradients,
  type Network,
  occlusion,
  receptiveFields,
  resized,
  smoothGrad,
  topActivations,
} from './index.js'
import { Noise } from './noise.js'

const network = recordedNetwork()
const images = Float32Array.from(recorded.images)

/** What the last layer gives. */
async function probabilitiesOf(of: Network, given: Float32Array): Promise<Float32Array> {
  const layer = of.model.layers.at(-1)?.name ?? ''
  return (await activations(of, { layer, images: given })).values
}

/** Images of noise. */
function noisy(count: number, size: number): Float32Array {
  const drawn = new Noise(3)
  return Float32Array.from({ length: count * size }, (_, at) => drawn.of(Math.floor(at / size), size)[at % size] ?? 0)
}

describe('a deconvnet', () => {
  it('of a network of one linear layer is its transposed filters', async () => {
    const pictures = input({ shape: [9, 8, 2] })
    const model = functionalModel({
      inputs: pictures,
      output: conv2d({ filters: 3, kernelSize: [3, 2], strides: 2 })(pictures),
    })
    const linear = startingNetwork(model)
    const { values: kernel } = await filters(linear)
    const seen = noisy(3, 9 * 8 * 2)
    const projections = await deconvnet(linear, { layer: 'conv2d', images: seen, units: [0, 1, 2] })
    for (const { unit, place, activation, field, values } of projections) {
      expect(field).toEqual({
        top: 2 * place[0],
        left: 2 * place[1],
        bottom: 2 * place[0] + 3,
        right: 2 * place[1] + 2,
      })
      for (let y = 0; y < 9; y++) {
        for (let x = 0; x < 8; x++) {
          for (let channel = 0; channel < 2; channel++) {
            const [row, column] = [y - field.top, x - field.left]
            const isSeen = row >= 0 && row < 3 && column >= 0 && column < 2
            const weight = isSeen ? (kernel[((row * 2 + column) * 2 + channel) * 3 + unit] ?? 0) : 0
            expect(values[(y * 8 + x) * 2 + channel]).toBeCloseTo(activation * weight, 6)
          }
        }
      }
    }
  })

  it('takes the strongest activation of each image where no unit is named', async () => {
    const { shape, values } = await activations(network, { layer: 'conv2d_1', images })
    const size = shape.reduce((product, length) => product * length, 1)
    const found = await deconvnet(network, { layer: 'conv2d_1', images })
    for (const [index, { activation, unit, place }] of found.entries()) {
      const own = values.subarray(index * size, (index + 1) * size)
      expect(activation).toBe(Math.max(...own))
      expect(own[(place[0] * 3 + place[1]) * 6 + unit]).toBe(activation)
    }
  })

  it('takes the first of equally strong activations', async () => {
    const pictures = input({ shape: [6, 5, 1] })
    const model = functionalModel({ inputs: pictures, output: conv2d({ filters: 3, kernelSize: 2 })(pictures) })
    const even = startingNetwork(model)
    const black = new Float32Array(60)
    const found = await deconvnet(even, { layer: 'conv2d', images: black, units: [2, 1] })
    expect(found).toMatchObject([2, 1].map((unit) => ({ unit, place: [0, 0], activation: 0 })))
    expect(await deconvnet(even, { layer: 'conv2d', images: black })).toMatchObject([{ unit: 0 }, { unit: 0 }])
  })

  it('refuses units and layers that are not there, and half images', async () => {
    const refused = { kind: 'option' }
    await expect(deconvnet(network, { layer: 'conv2d_1', images, units: [6, 0] })).rejects.toMatchObject(refused)
    await expect(deconvnet(network, { layer: 'conv2d_1', images, units: [0] })).rejects.toMatchObject(refused)
    await expect(deconvnet(network, { layer: 'conv2d_9', images })).rejects.toMatchObject(refused)
    const half = images.subarray(1)
    await expect(deconvnet(network, { layer: 'conv2d_1', images: half })).rejects.toMatchObject({ kind: 'shape' })
  })
})

describe('the images that a unit likes most', () => {
  const length = 23
  const pixels = noisy(length, 12 * 11 * 2)
  const dataset: Dataset = {
    specification: 'dataset/v1',
    name: 'noise',
    length,
    classes: ['one', 'two'],
    imageShape: [12, 11, 2],
    batch: async (indices) => ({
      images: Float32Array.from(
        Array.from(indices).flatMap((index) => [...pixels.subarray(index * 264, (index + 1) * 264)]),
      ),
      targets: new Float32Array(indices.length * 2),
      // The last image of each batch cannot be read.
      skipped: [indices.length - 1],
    }),
  }

  it.each([
    ['conv2d_1', 9, 6],
    ['dense', 1, 8],
  ])('are found in one pass: %s', async (layer, places, channels) => {
    const progress: number[] = []
    const onProgress = (done: number): void => void progress.push(done)
    const found = await topActivations(network, { layer, dataset, count: 4, batchSize: 5, onProgress })
    const { values } = await activations(network, { layer, images: pixels })
    for (let unit = 0; unit < channels; unit++) {
      const largest = Array.from({ length }, (_, index) => ({
        index,
        activation: Math.max(
          ...Array.from({ length: places }, (_, place) => values[(index * places + place) * channels + unit] ?? 0),
        ),
      }))
      const wanted = largest
        .filter(({ index }) => index % 5 !== 4 && index !== length - 1)
        .sort((a, b) => b.activation - a.activation || a.index - b.index)
      expect(found.get(unit)).toEqual(wanted.slice(0, 4))
    }
    expect(progress).toEqual([5, 10, 15, 20, 23])
  })

  it('are looked for no longer than until the signal is given', async () => {
    const stop = new AbortController()
    const asked = topActivations(network, {
      layer: 'dense',
      dataset,
      batchSize: 5,
      signal: stop.signal,
      onProgress: () => stop.abort(new Error('enough')),
    })
    await expect(asked).rejects.toThrow('enough')
  })
})

describe('gradients', () => {
  it('integrated, are together what the score is more than that of the baseline', async () => {
    const { values, classes } = await integratedGradients(network, { images, steps: 200 })
    const size = images.length / 2
    const scoresOf = async (of: Float32Array) => (await activations(network, { layer: 'dense', images: of })).values
    const last = recorded.weights['dense_1/kernel']?.data ?? []
    const bias = recorded.weights['dense_1/bias']?.data ?? []
    const score = (row: Float32Array, label: number): number =>
      row.reduce((sum, value, unit) => sum + value * (last[unit * 4 + label] ?? 0), bias[label] ?? 0)
    const [own, nothing] = [await scoresOf(images), await scoresOf(new Float32Array(images.length))]
    for (const [index, label] of classes.entries()) {
      const more =
        score(own.subarray(index * 8, (index + 1) * 8), label) -
        score(nothing.subarray(index * 8, (index + 1) * 8), label)
      const sum = values.subarray(index * size, (index + 1) * size).reduce((total, value) => total + value, 0)
      expect(Math.abs(sum / more - 1)).toBeLessThan(0.01)
    }
  })

  it('of noisy copies are those of the image where the network is linear, and repeat by their seed', async () => {
    const pictures = input({ shape: [4, 4, 1] })
    const model = functionalModel({
      inputs: pictures,
      output: dense({ units: 3, activation: 'softmax' })(flatten()(pictures)),
    })
    const linear = startingNetwork(model)
    const seen = { images: noisy(2, 16), classes: [2, 0] }
    const plain = await inputGradients(linear, seen)
    const smooth = await smoothGrad(linear, { ...seen, samples: 5, noise: 0.5 })
    for (const [at, value] of plain.values.entries()) expect(smooth.values[at]).toBeCloseTo(value, 6)
    const twice = await Promise.all([1, 1, 2].map((seed) => smoothGrad(network, { images, samples: 2, seed })))
    expect(twice[1]).toEqual(twice[0])
    expect(twice[2]).not.toEqual(twice[0])
  })

  it('of noisy copies of an image do not depend on the images that come with it, nor on how many at a time', async () => {
    const size = images.length / recorded.labels.length
    const all = await smoothGrad(network, { images, samples: 3, batchSize: 4 })
    for (let index = 0; index < recorded.labels.length; index++) {
      const [from, to] = [index * size, (index + 1) * size]
      const alone = await smoothGrad(network, { images: images.slice(from, to), samples: 3 })
      for (const [at, value] of alone.values.entries()) expect(all.values[from + at]).toBeCloseTo(value, 6)
    }
  })

  it('are refused for classes that are not there, and for a network that has none', async () => {
    for (const classes of [[0], [0, 4], [0, -1], [0.5, 1]])
      await expect(inputGradients(network, { images, classes })).rejects.toMatchObject({ kind: 'option' })
    const pictures = input({ shape: [4, 4, 1] })
    const features = functionalModel({
      inputs: pictures,
      output: conv2d({ filters: 1, kernelSize: 3 })(pictures),
      endsIn: 'map',
    })
    const asked = inputGradients(startingNetwork(features), { images: new Float32Array(16) })
    await expect(asked).rejects.toMatchObject({ kind: 'shape' })
  })
})

describe('maps of classes', () => {
  const small: Network = startingNetwork(createModel(nin, { input: [67, 67, 3], classes: 5 }), onnx({ device: 'cpu' }))
  const seen = noisy(2, 67 * 67 * 3)

  it('of a network that ends in their means are what its probabilities are made of', async () => {
    const probabilities = await probabilitiesOf(small, seen)
    for (const index of [0, 1]) {
      const scores: number[] = []
      for (let label = 0; label < 5; label++) {
        const { height, width, values } = await classMaps(small, { images: seen, classes: [label, label] })
        const own = values.subarray(index * height * width, (index + 1) * height * width)
        scores.push(own.reduce((sum, value) => sum + value, 0) / own.length)
      }
      const total = scores.reduce((sum, score) => sum + Math.exp(score), 0)
      for (const [label, score] of scores.entries())
        expect(Math.exp(score) / total).toBeCloseTo(probabilities[index * 5 + label] ?? Number.NaN, 5)
    }
  })

  it('are refused of another network, and Grad-CAM of a layer without maps', async () => {
    await expect(classMaps(network, { images })).rejects.toMatchObject({ kind: 'option', hint: /gradCam/ })
    await expect(gradCam(network, { images, layer: 'dense' })).rejects.toMatchObject({ kind: 'option' })
    await expect(gradCam(network, { images, layer: 'nobody' })).rejects.toMatchObject({ kind: 'option' })
  })

  it('are brought to another size as PyTorch does without aligned corners', () => {
    // torch.nn.functional.interpolate([[1, 2], [4, 8]], size=(4, 3), mode='bilinear', align_corners=False)
    const { values } = resized({ height: 2, width: 2, values: Float32Array.of(1, 2, 4, 8) }, [4, 3])
    const wanted = [1, 1.5, 2, 1.75, 2.625, 3.5, 3.25, 4.875, 6.5, 4, 6, 8]
    for (const [at, value] of wanted.entries()) expect(values[at]).toBeCloseTo(value, 6)
  })
})

describe('a square that covers a part of an image', () => {
  it('leaves what it does not touch as it was, and covers each pixel', async () => {
    const found = await occlusion(network, { images, square: 4, stride: 3, fill: 0.5, layer: 'conv2d' })
    const { height, width } = found.probabilities
    expect([height, width]).toEqual([4, 4])
    for (const [row, column, sample] of [
      [0, 0, 0],
      [3, 3, 1],
      [1, 2, 1],
    ] as const) {
      const covered = images.slice(sample * 264, (sample + 1) * 264)
      for (let y = 3 * row; y < Math.min(12, 3 * row + 4); y++)
        for (let x = 3 * column; x < Math.min(11, 3 * column + 4); x++)
          covered.fill(0.5, (y * 11 + x) * 2, (y * 11 + x + 1) * 2)
      const probabilities = await probabilitiesOf(network, covered)
      const cell = sample * 16 + row * 4 + column
      expect(found.probabilities.values[cell]).toBeCloseTo(probabilities[found.classes[sample] ?? 0] ?? Number.NaN, 6)
      expect(found.predicted.values[cell]).toBe(probabilities.indexOf(Math.max(...probabilities)))
      const { values } = await activations(network, { layer: 'conv2d', images: covered })
      const sum = values.reduce((total, value, at) => total + (at % 5 === found.strongest[sample] ? value : 0), 0)
      expect(Math.abs((found.features.values[cell] ?? 0) / sum - 1)).toBeLessThan(1e-5)
    }
  })
})

describe('filters', () => {
  it('are the kernels of the first convolution, or of one that is named', async () => {
    const first = recorded.weights['conv2d/kernel']
    expect(await filters(network)).toEqual({
      layer: 'conv2d',
      shape: first?.shape,
      values: Float32Array.from(first?.data ?? []),
    })
    expect((await filters(network, { layer: 'conv2d_1' })).shape).toEqual([3, 3, 5, 6])
    await expect(filters(network, { layer: 'dense' })).rejects.toMatchObject({
      kind: 'option',
      expected: 'one of conv2d, conv2d_1',
    })
  })
})

describe('receptive fields', () => {
  it("are those of AlexNet's layers", () => {
    // Araujo et al. 2019, https://distill.pub/2019/computing-receptive-fields: 195 at pool5 of AlexNet-v2; by hand before.
    const pictures = input({ shape: [227, 227, 3] })
    let x = conv2d({ filters: 2, kernelSize: 11, strides: 4 })(pictures)
    x = maxPool2d({ poolSize: 3, strides: 2 })(x)
    x = conv2d({ filters: 2, kernelSize: 5, padding: 'same' })(x)
    x = maxPool2d({ poolSize: 3, strides: 2 })(x)
    for (let count = 0; count < 3; count++) x = conv2d({ filters: 2, kernelSize: 3, padding: 'same' })(x)
    x = maxPool2d({ poolSize: 3, strides: 2 })(x)
    const model = functionalModel({
      inputs: pictures,
      output: dense({ units: 2, activation: 'softmax' })(flatten()(x)),
    })
    const widths = [
      'conv2d',
      'max_pooling2d',
      'conv2d_1',
      'max_pooling2d_1',
      'conv2d_2',
      'conv2d_3',
      'conv2d_4',
      'max_pooling2d_2',
    ].map((layer) => {
      const [height = 1, width = 1] = model.layers.find(({ name }) => name === layer)?.outputShape ?? []
      const { top, left, bottom, right } = receptiveFields(model, layer)(Math.floor(height / 2), Math.floor(width / 2))
      expect(bottom - top).toBe(right - left)
      return right - left
    })
    expect(widths).toEqual([11, 19, 51, 67, 99, 131, 163, 195])
    expect(receptiveFields(model, 'conv2d')(0, 54)).toEqual({ top: 0, left: 216, bottom: 11, right: 227 })
    expect(receptiveFields(model, 'dense')(0, 0)).toEqual({ top: 0, left: 0, bottom: 227, right: 227 })
  })
})

describe('the evolution of features', () => {
  const size = recorded.images.length / recorded.labels.length
  const all = Float32Array.from(recorded.images)
  const dataset: Dataset = {
    ...{ specification: 'dataset/v1', name: 'recorded', length: recorded.labels.length, classes: ['a', 'b', 'c', 'd'] },
    imageShape: recorded.input,
    batch: async (indices) => ({
      images: Float32Array.from(Array.from(indices).flatMap((at) => [...all.subarray(at * size, (at + 1) * size)])),
      targets: new Float32Array(indices.length * 4),
    }),
  }
  const now = recordedNetwork()
  const before: Network = {
    ...now,
    async *readWeights() {
      for await (const tensor of now.readWeights()) yield { ...tensor, data: tensor.data.map((value) => -value) }
    },
  }

  it('is what deconvnet shows at each step of the image that a unit likes most then', async () => {
    const [layer, units] = ['conv2d_1', [2, 4]]
    const history = [before, now].map(({ readWeights }, index) => ({ step: 10 * index, readWeights }))
    const found = await evolution(now, { layer, units, dataset, history })
    expect(found.map(({ unit, stages }) => [unit, stages.map(({ step }) => step)])).toEqual([
      [2, [0, 10]],
      [4, [0, 10]],
    ])
    for (const [row, unit] of units.entries()) {
      for (const [at, network] of [before, now].entries()) {
        const best = (await topActivations(network, { layer, dataset, units: [unit], count: 1 })).get(unit)?.[0]
        const { images } = await dataset.batch([best?.index ?? 0])
        const [projection] = await deconvnet(network, { layer, images: Float32Array.from(images), units: [unit] })
        const stage = found[row]?.stages[at]
        expect(stage?.index).toBe(best?.index)
        expect(stage?.projection).toEqual(projection)
      }
      const [first, last] = found[row]?.stages ?? []
      expect(first?.projection.values).not.toEqual(last?.projection.values)
    }
  })

  it('has to have steps and units', async () => {
    const asked = { layer: 'conv2d_1', dataset }
    await expect(evolution(now, { ...asked, units: [1], history: [] })).rejects.toMatchObject({ kind: 'option' })
  })
})
