import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  averagePool2d,
  batchNormalization,
  categoricalCrossentropy,
  channelShuffle,
  concatenate,
  conv2d,
  dense,
  depthwiseConv2d,
  dropout,
  flatten,
  functionalModel,
  gelu,
  globalAveragePooling2d,
  input,
  layerNormalization,
  localResponseNormalization,
  type Model,
  maxPool2d,
  multiply,
  type NamedTensor,
  type Preprocessing,
  permute,
  reshape,
  separableConv2d,
  softmax,
  zeroPadding2d,
} from '@convzoo/core'
import { sizeOf } from '@convzoo/core/define'
import { createProgram, interpret, uniformForSamples } from '@convzoo/core/engine'
import { writeOnnx } from '@convzoo/onnx'
import { afterAll, describe, expect, it } from 'vitest'
import { openOnnxModel } from './open-model.js'

const folder = mkdtempSync(join(tmpdir(), 'convzoo-model-'))
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 9 }))

/** A network with a layer of every sort that computes something of its own. */
function ofEverySort(): Model {
  const images = input({ shape: [9, 9, 4] })
  let x = conv2d({ filters: 8, kernelSize: 3, padding: 'same', groups: 2, activation: 'relu' })(images)
  x = localResponseNormalization({})(x)
  x = maxPool2d({ poolSize: 3, strides: 2 })(x)
  x = batchNormalization({})(zeroPadding2d({ padding: 1 })(x))
  x = concatenate({})([x, depthwiseConv2d({ kernelSize: 3, padding: 'same' })(x)])
  x = channelShuffle({ groups: 4 })(x)
  x = separableConv2d({ filters: 6, kernelSize: 3 })(x)
  x = gelu({})(layerNormalization({})(x))
  const gate = dense({ units: 6, activation: 'sigmoid' })(globalAveragePooling2d()(x))
  x = multiply({})([x, reshape({ targetShape: [1, 1, 6] })(gate)])
  x = permute({ dims: [2, 1, 3] })(averagePool2d({ poolSize: 2, strides: 1 })(x))
  x = dense({ units: 5 })(dropout({ rate: 0.5 })(flatten()(x)))
  return functionalModel({ inputs: images, output: softmax({})(x) })
}

function uniform(stream: string, count: number): Float32Array {
  const values = new Float32Array(count)
  uniformForSamples({ seed: [1, 2], stream, step: 0, sampleIndices: [0] }, values)
  return values.map((value) => value - 0.4)
}

/** Weights; variances and scales among them are positive. */
const weightsOf = ({ weights }: Model): ReadonlyMap<string, NamedTensor> =>
  new Map(
    weights.map(({ name, shape }) => {
      const values = uniform(name, sizeOf(shape))
      return [name, { name, shape, data: /variance|gamma/.test(name) ? values.map(Math.abs) : values }]
    }),
  )

async function written(
  model: Model,
  name: string,
  externalData: boolean,
  preprocessing?: Preprocessing,
): Promise<string> {
  const weights = weightsOf(model)
  async function* read(names: readonly string[]): AsyncGenerator<NamedTensor> {
    for (const each of names) {
      const tensor = weights.get(each)
      if (tensor !== undefined) yield tensor
    }
  }
  const path = join(folder, name)
  await writeOnnx(path, model, { read, externalData, preprocessing })
  return path
}

describe('a network that was written as an ONNX model', () => {
  const model = ofEverySort()
  const state = new Map([...weightsOf(model)].map(([name, { data }]) => [name, data]))

  it.each([
    ['with its weights', false],
    ['beside its weights', true],
  ])('gives for any number of images what the network gives in double precision: %s', async (_, externalData) => {
    const network = await openOnnxModel(await written(model, `${externalData}.onnx`, externalData), { threads: 1 })
    expect(network.imageShape).toEqual([9, 9, 4])
    for (const count of [1, 2, 3, 7]) {
      const images = uniform('images', count * 9 * 9 * 4)
      const { functions } = createProgram({
        model,
        loss: categoricalCrossentropy(),
        batchSizes: { predict: [count] },
      })
      const graph = functions[`predict/${count}`]
      if (graph === undefined) throw new Error('It was asked for.')
      const { probabilities } = interpret(graph, { inputs: { images }, state, precision: 'float64' }).outputs
      const given = await network.run(images)
      expect(given).toHaveLength(count * 5)
      for (const [place, value] of given.entries()) expect(value).toBeCloseTo(Number(probabilities?.data[place]), 5)
    }
    await network.dispose()
  })

  it('does not block whoever asks, and takes several questions at once', async () => {
    const network = await openOnnxModel(await written(model, 'asked.onnx', false), { threads: 1 })
    let turns = 0
    const turn = setInterval(() => turns++, 1)
    const images = uniform('images', 20_000 * 9 * 9 * 4)
    const [many, one] = await Promise.all([network.run(images), network.run(images.subarray(0, 9 * 9 * 4))])
    clearInterval(turn)
    expect(turns).toBeGreaterThan(2)
    for (const [place, value] of one.entries()) expect(value).toBeCloseTo(many[place] ?? Number.NaN, 5)
    await network.dispose()
    await expect(network.run(images)).rejects.toThrow('disposed of')
  })

  it('takes bytes where preprocessing is put before it: scaled and whitened', async () => {
    const size = 9 * 9 * 4
    const fitted = { mean: uniform('mean', size), matrix: uniform('matrix', size * size).map((value) => value / 50) }
    const preprocessing: Preprocessing = {
      resize: 'bilinear',
      mean: [0.1, 0.2, 0.3, 0.4],
      standardDeviation: [0.5],
      whitening: { type: 'zca', contrast: 10, epsilon: 0.1, fitted },
    }
    const network = await openOnnxModel(await written(model, 'bytes.onnx', false, preprocessing), { threads: 1 })
    expect(network.takesBytes).toBe(true)
    const bytes = Uint8Array.from({ length: 2 * size }, (_, place) => (place < size ? (place * place) % 256 : 0))
    // What stands in the model, in double precision.
    const seen = Float32Array.from(bytes)
    for (const picture of [seen.subarray(0, size), seen.subarray(size)]) {
      const values = Array.from(picture, (byte, place) => (byte / 255 - (0.1 + 0.1 * (place % 4))) / 0.5)
      const mean = values.reduce((sum, value) => sum + value, 0) / size
      const norm = Math.hypot(...values.map((value) => value - mean))
      const equal = values.map((value, place) => ((value - mean) * 10) / norm - (fitted.mean[place] ?? 0))
      for (let row = 0; row < size; row++) {
        picture[row] = equal.reduce((sum, value, at) => sum + value * (fitted.matrix[at * size + row] ?? 0), 0)
      }
    }
    const { functions } = createProgram({ model, loss: categoricalCrossentropy(), batchSizes: { predict: [2] } })
    const graph = functions['predict/2']
    if (graph === undefined) throw new Error('It was asked for.')
    const { probabilities } = interpret(graph, { inputs: { images: seen }, state, precision: 'float64' }).outputs
    for (const [place, value] of (await network.run(bytes)).entries()) {
      expect(value).toBeCloseTo(Number(probabilities?.data[place]), 4)
    }
    await expect(network.run(seen)).rejects.toThrow('a Uint8Array of whole images')
    await network.dispose()
  })

  it('refuses images that are not whole', async () => {
    const network = await openOnnxModel(await written(model, 'whole.onnx', false), { threads: 1 })
    await expect(network.run(new Float32Array(100))).rejects.toThrow('of 324 values each')
    await network.dispose()
  })

  it('is refused in words where the file is none', async () => {
    const path = join(folder, 'none.onnx')
    writeFileSync(path, 'This is no model.')
    await expect(openOnnxModel(path)).rejects.toMatchObject({
      kind: 'file',
      message: expect.stringContaining('none.onnx'),
    })
    await expect(openOnnxModel(join(folder, 'nowhere.onnx'))).rejects.toMatchObject({ kind: 'file' })
  })
})
