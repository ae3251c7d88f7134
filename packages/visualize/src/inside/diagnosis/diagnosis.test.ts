import {
  conv2d,
  type Dataset,
  dense,
  flatten,
  functionalModel,
  input,
  type NamedTensor,
  type SymbolicTensor,
  sgd,
} from '@convzoo/core'
import { onnx } from '@convzoo/engine-onnx'
import { Trainer } from '@convzoo/trainer'
import { beforeAll, describe, expect, it } from 'vitest'
import { networkOf, startingNetwork } from '../../testing/networks.js'
import { stripes, trainedOnStripes } from '../../testing/stripes.js'
import { diagnose, type Finding, type Network, verdictOf } from '../index.js'

let healthy: Network
let weights: readonly NamedTensor[]
beforeAll(async () => {
  const trained = await trainedOnStripes()
  healthy = trained.network
  weights = trained.weights
}, 60_000)

/** The network with one of its weights changed. */
function changed(name: string, change: (data: Float32Array) => void): Network {
  const all = weights.map((tensor) => {
    if (tensor.name !== name) return tensor
    const data = tensor.data.slice()
    change(data)
    return { ...tensor, data }
  })
  return networkOf(healthy.model, all, healthy.engine)
}

const found = async (network: Network): Promise<readonly Finding[]> =>
  (await diagnose(network, { dataset: stripes, samples: 60 })).findings

describe('a network that has learnt', () => {
  it('is told that it is healthy', async () => {
    const diagnosis = await diagnose(healthy, { dataset: stripes })
    expect(diagnosis.findings).toEqual([])
    expect(diagnosis.samples).toBe(400)
    expect(verdictOf(diagnosis)).toBe('The network is healthy: nothing was found that should be mended.')
    expect(diagnosis.layers.map(({ layer, filters }) => [layer, filters])).toEqual([
      ['conv2d', 8],
      ['conv2d_1', 16],
      ['dense', 2],
    ])
  })
})

describe('what is planted is found', () => {
  it('a filter that never fires', async () => {
    const findings = await found(changed('conv2d_1/bias', (bias) => void bias.fill(-1e4, 3, 4)))
    expect(findings).toMatchObject([{ kind: 'dead-units', severity: 'note', layer: 'conv2d_1', units: [3] }])
    expect(findings[0]?.measured).toBe(1 / 16)
    expect(findings[0]?.says).toContain('1 of the 16 units of conv2d_1 never fires')
  })

  it('a filter of zeros, which gives its bias for all images', async () => {
    const findings = await found(
      changed('conv2d/kernel', (kernel) => {
        for (let at = 2; at < kernel.length; at += 8) kernel[at] = 0
      }),
    )
    expect(findings).toMatchObject([{ kind: 'dead-units', severity: 'warning', layer: 'conv2d', units: [2] }])
  })

  it('a map that is above 0 everywhere and hardly changes', async () => {
    const findings = await found(changed('conv2d/bias', (bias) => void bias.fill(1e3, 5, 6)))
    expect(findings).toContainEqual(
      expect.objectContaining({ kind: 'saturated-units', layer: 'conv2d', units: [5], severity: 'warning' }),
    )
  })

  it('a filter that is there twice, nearly', async () => {
    const findings = await found(
      changed('conv2d_1/kernel', (kernel) => {
        for (let at = 0; at < kernel.length; at += 16) kernel[at + 11] = 0.5 * (kernel[at + 4] ?? 0) + 1e-4
      }),
    )
    expect(findings).toMatchObject([{ kind: 'duplicate-filters', layer: 'conv2d_1', units: [4, 11] }])
    expect(findings[0]?.measured).toBeGreaterThan(0.99)
  })

  it('a layer behind which nothing fires, and to which no gradient comes', async () => {
    const findings = await found(changed('conv2d_1/bias', (bias) => void bias.fill(-1e4)))
    expect(findings).toContainEqual(expect.objectContaining({ kind: 'dead-units', layer: 'conv2d_1', measured: 1 }))
    expect(findings).toContainEqual(expect.objectContaining({ kind: 'small-gradient', layer: 'conv2d', measured: 0 }))
  })

  it('numbers that are not finite', async () => {
    const findings = await found(changed('conv2d/bias', (bias) => void bias.fill(Number.NaN, 1, 2)))
    expect(findings).toContainEqual(expect.objectContaining({ kind: 'not-finite', layer: 'conv2d', units: [1] }))
  })

  it('a layer that stands still while the others go on', async () => {
    const before = weights.map(({ name, shape, data }) => ({
      ...{ name, shape },
      data: name === 'conv2d/kernel' ? data : data.map((value) => 0.9 * value),
    }))
    const history = [before, weights].map((tensors, index) => ({
      step: 100 * index,
      async *readWeights() {
        yield* tensors
      },
    }))
    const { findings, layers } = await diagnose(healthy, { dataset: stripes, samples: 20, history })
    expect(findings).toMatchObject([{ kind: 'standing-still', layer: 'conv2d', measured: 0 }])
    expect(layers.map(({ updateRatio }) => updateRatio)).toEqual([0, expect.closeTo(0.001), expect.closeTo(0.001)])
  })

  it('sigmoids at their bounds', async () => {
    const images = input({ shape: [32, 32, 1] })
    const hidden = dense({ units: 4, activation: 'sigmoid' })(flatten()(images))
    const start = startingNetwork(
      functionalModel({ inputs: images, output: dense({ units: 2, activation: 'softmax' })(hidden) }),
    )
    const tensors: NamedTensor[] = []
    for await (const { name, shape, data } of start.readWeights())
      tensors.push({ name, shape, data: name === 'dense/kernel' ? data.map((value) => 1e4 * value) : data })
    const findings = await found(networkOf(start.model, tensors))
    expect(findings).toContainEqual(
      expect.objectContaining({ kind: 'saturated-units', layer: 'dense', units: [0, 1, 2, 3] }),
    )
  })
})

/** Images of sums of cosines along the rows, by their periods in pixels. */
function cosines(side: number, parts: readonly (readonly [period: number, amplitude: number])[]): Dataset {
  const length = 4
  const at = (image: number, x: number): number =>
    parts.reduce((sum, [period, size]) => sum + size * Math.cos((2 * Math.PI * (x + 3 * image)) / period), 0)
  const image = (index: number) => Array.from({ length: side * side }, (_, pixel) => at(index, pixel % side))
  return {
    ...{ specification: 'dataset/v1', name: 'cosines', length, classes: ['a', 'b'], imageShape: [side, side, 1] },
    batch: async (indices) => ({
      images: Float32Array.from(Array.from(indices).flatMap(image)),
      targets: Float32Array.from(Array.from(indices).flatMap(() => [1, 0])),
    }),
  }
}

describe('what strides cannot hold', () => {
  /** A network that begins with windows of this size and these strides, with these weights in each filter. */
  const beginning = async (size: number, strides: number, fill?: (place: number) => number): Promise<Network> => {
    const images = input({ shape: [64, 64, 1] })
    const first: SymbolicTensor = conv2d({ filters: 6, kernelSize: size, strides, activation: 'relu' })(images)
    const model = functionalModel({
      inputs: images,
      output: dense({ units: 2, activation: 'softmax' })(flatten()(first)),
    })
    const start = startingNetwork(model, onnx({ device: 'cpu', threads: 1 }))
    const tensors: NamedTensor[] = []
    for await (const tensor of start.readWeights()) {
      const isFirst = tensor.name === 'conv2d/kernel' && fill !== undefined
      tensors.push(isFirst ? { ...tensor, data: tensor.data.map((_, at) => fill(Math.floor(at / 6))) } : tensor)
    }
    return networkOf(model, tensors, start.engine)
  }
  const shareOf = async (network: Network, dataset: Dataset): Promise<number | undefined> =>
    (await diagnose(network, { dataset })).aliasing[0]?.share

  it('is the part of the power of periods below twice the stride, of filters that pass all alike', async () => {
    const impulse = (place: number): number => (place === 0 ? 1 : 0)
    // Of periods of 32 and of 16 / 3 pixels, whose powers are as 1 to 4, strides of 2 hold both, and strides of 4 only the longer.
    const dataset = cosines(64, [
      [32, 1],
      [16 / 3, 2],
    ])
    expect(await shareOf(await beginning(3, 1, impulse), dataset)).toBe(0)
    expect(await shareOf(await beginning(3, 2, impulse), dataset)).toBeLessThan(1e-3)
    expect(await shareOf(await beginning(3, 4, impulse), dataset)).toBeCloseTo(0.8, 2)
  })

  it('is little of what filters answer to that are blind to it', async () => {
    // The mean of four pixels beside each other is 0 for periods of 4.
    const box = (place: number): number => (place < 4 ? 1 : 0)
    const dataset = cosines(64, [
      [32, 1],
      [4, 1],
    ])
    expect(await shareOf(await beginning(4, 4, box), dataset)).toBeLessThan(0.01)
  })

  it('is found of windows of 11 with strides of 4, and not of 7 with 2, on images whose power falls as that of photographs', async () => {
    // Amplitudes as the reciprocal of the frequency (Field 1987).
    const periods = Array.from({ length: 31 }, (_, k) => 64 / (k + 1))
    const dataset = cosines(
      64,
      periods.map((period) => [period, period]),
    )
    const alexnet = (await diagnose(await beginning(11, 4), { dataset })).findings
    expect(alexnet).toContainEqual(expect.objectContaining({ kind: 'aliasing', layer: 'conv2d' }))
    const zfnet = (await diagnose(await beginning(7, 2), { dataset })).findings
    expect(zfnet.filter(({ kind }) => kind === 'aliasing')).toEqual([])
  })

  it('is noted of windows of 11 with strides of 4 where images are not sharp', async () => {
    const { findings } = await diagnose(await beginning(11, 4), { dataset: cosines(64, [[32, 1]]) })
    expect(findings).toContainEqual(expect.objectContaining({ kind: 'aliasing', severity: 'note' }))
  })
})

it('measures the gradient that a step of plain descent takes', async () => {
  const rate = 1
  const images = Float32Array.from((await stripes.batch([0, 1, 2, 3])).images)
  const targets = Float32Array.from((await stripes.batch([0, 1, 2, 3])).targets)
  const four: Dataset = { ...stripes, length: 4, labels: [0, 1, 0, 1], batch: async () => ({ images, targets }) }
  const { layers } = await diagnose(healthy, { dataset: four, batchSize: 4 })
  const engine = onnx({ device: 'cpu', threads: 1 })
  await using trainer = new Trainer({ model: healthy.model, engine, optimizer: sgd({ learningRate: rate }) })
  await trainer.writeWeights(weights)
  await trainer.fit(four, { epochs: 1, batchSize: 4 })
  const ratios: number[] = []
  for await (const { name, data } of trainer.readWeights()) {
    if (!name.endsWith('/kernel')) continue
    const before = weights.find((each) => each.name === name)?.data ?? new Float32Array()
    const length = (values: Float32Array): number => Math.hypot(...values)
    ratios.push(length(data.map((value, at) => value - (before[at] ?? 0))) / rate / length(before))
  }
  for (const [index, { gradientRatio = 0 }] of layers.entries())
    expect(gradientRatio / (ratios[index] ?? Number.NaN)).toBeCloseTo(1, 2)
})
