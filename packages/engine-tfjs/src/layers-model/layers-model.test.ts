import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  activation,
  add,
  averagePool2d,
  batchNormalization,
  categoricalCrossentropy,
  channelShuffle,
  concatenate,
  conv2d,
  dense,
  depthwiseConv2d,
  dropout,
  elu,
  flatten,
  functionalModel,
  gelu,
  globalAveragePooling2d,
  globalMaxPooling2d,
  input,
  type LayerFunction,
  layerNormalization,
  leakyRelu,
  localResponseNormalization,
  type Model,
  maxPool2d,
  multiply,
  type NamedTensor,
  permute,
  relu6,
  reshape,
  type SymbolicTensor,
  separableConv2d,
  softmax,
  zeroPadding2d,
} from '@convzoo/core'
import { activations, defineLayer, defineOptions, sizeOf } from '@convzoo/core/define'
import { createProgram, interpret, uniformForSamples } from '@convzoo/core/engine'
import { afterAll, describe, expect, it } from 'vitest'
import { openLayersModel, writeLayersModel } from '../layers-model.js'

const folder = mkdtempSync(join(tmpdir(), 'convzoo-layers-model-'))
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 9 }))

const images = input({ shape: [9, 8, 4] })
const modelOf = (output: SymbolicTensor): Model => functionalModel({ inputs: images, output })

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

async function written(model: Model, name: string): Promise<string> {
  const weights = weightsOf(model)
  async function* read(names: readonly string[]): AsyncGenerator<NamedTensor> {
    for (const each of names) {
      const tensor = weights.get(each)
      if (tensor !== undefined) yield tensor
    }
  }
  const path = join(folder, name)
  await writeLayersModel(path, model, { read, metadata: { network: 'of a test' } })
  return path
}

async function expectSame(model: Model, name: string, counts: readonly number[] = [2]): Promise<void> {
  const network = await openLayersModel(await written(model, name))
  const state = new Map([...weightsOf(model)].map(([weight, { data }]) => [weight, data]))
  try {
    for (const count of counts) {
      const seen = uniform('images', count * sizeOf(network.imageShape)).map((value) => value * 5)
      const { functions } = createProgram({ model, loss: categoricalCrossentropy(), batchSizes: { predict: [count] } })
      const graph = functions[`predict/${count}`]
      if (graph === undefined) throw new Error('It was asked for.')
      const { outputs } = interpret(graph, { inputs: { images: seen }, state, precision: 'float64' })
      const [wanted] = Object.values(outputs)
      const given = await network.run(seen)
      expect(given).toHaveLength(wanted?.data.length ?? 0)
      for (const [place, value] of given.entries()) expect(value).toBeCloseTo(Number(wanted?.data[place]), 4)
    }
  } finally {
    await network.dispose()
  }
}

/** A network with a layer of every sort that computes something of its own. */
function ofEverySort(): Model {
  let x = conv2d({ filters: 8, kernelSize: 3, padding: 'same', groups: 2, strides: 2, activation: 'relu' })(images)
  x = localResponseNormalization({})(x)
  x = maxPool2d({ poolSize: 3, strides: 2, padding: 'same' })(x)
  x = batchNormalization({})(
    zeroPadding2d({
      padding: [
        [1, 2],
        [0, 1],
      ],
    })(x),
  )
  x = concatenate({})([x, depthwiseConv2d({ kernelSize: 3, padding: 'same', depthMultiplier: 2 })(x)])
  x = channelShuffle({ groups: 4 })(x)
  x = separableConv2d({ filters: 6, kernelSize: 2 })(x)
  const layer = conv2d({ filters: 6, kernelSize: 1, useBias: false })
  x = add()([layer(layer(x)), x])
  x = gelu({ approximate: 'tanh' })(layerNormalization({})(x))
  const gate = dense({ units: 6, activation: 'sigmoid' })(globalAveragePooling2d()(x))
  x = multiply({})([x, reshape({ targetShape: [1, 1, -1] })(gate)])
  x = permute({ dims: [2, 1, 3] })(averagePool2d({ poolSize: 2, strides: 1, padding: 'same' })(x))
  x = relu6()(leakyRelu()(elu({ alpha: 0.5 })(x)))
  x = dense({ units: 5 })(dropout({ rate: 0.5 })(flatten()(x)))
  return modelOf(softmax({})(x))
}

describe('a network that was written as a LayersModel', () => {
  it('gives for any number of images what the network gives in double precision', async () => {
    await expectSame(ofEverySort(), 'every-sort', [1, 3])
  })

  const single: Readonly<Record<string, LayerFunction>> = {
    'dilated depthwise convolution': depthwiseConv2d({ kernelSize: 3, dilations: 2, activation: 'hardSwish' }),
    'dilated convolution in groups': conv2d({
      filters: 6,
      kernelSize: 2,
      dilations: [2, 1],
      groups: 2,
      padding: 'same',
    }),
    'dilated separable convolution': separableConv2d({ filters: 3, kernelSize: 2, dilations: 2 }),
    'mean that keeps its axes': globalAveragePooling2d({ keepDimensions: true }),
    'maximum that keeps its axes': globalMaxPooling2d({ keepDimensions: true }),
    'maximum of maps': globalMaxPooling2d(),
    'normalisation of images': layerNormalization({ axis: [1, 2, 3], center: false }),
    'normalisation of batches without scale': batchNormalization({ scale: false, epsilon: 0.1 }),
  }
  it.each(Object.entries(single))('has a %s', async (name, layer) => {
    await expectSame(modelOf(layer(images)), name.replaceAll(' ', '-'))
  })

  it('has every activation of core', async () => {
    const each = Object.keys(activations).map((name) => activation({ function: name })(images))
    await expectSame(modelOf(concatenate()(each)), 'activations')
  })

  it('names its layers and weights as the network does, and keeps metadata', async () => {
    const model = ofEverySort()
    const path = await written(model, 'names')
    const file = JSON.parse(readFileSync(join(path, 'model.json'), 'utf8'))
    expect(file.modelTopology.config.layers.map(({ name }: { readonly name: string }) => name)).toEqual(
      model.layers.map(({ name }) => name),
    )
    expect(file.weightsManifest[0].weights.map(({ name }: { readonly name: string }) => name)).toEqual(
      model.weights.map(({ name }) => name),
    )
    expect(file.userDefinedMetadata).toEqual({ network: 'of a test' })
    expect(readdirSync(path).sort()).toEqual(['group1-shard1of1.bin', 'model.json'])
  })

  it('has its weights in files of 4 MB', async () => {
    const model = modelOf(dense({ units: 6000 })(flatten()(images)))
    const path = await written(model, 'large')
    expect(readdirSync(path).sort()).toEqual(['group1-shard1of2.bin', 'group1-shard2of2.bin', 'model.json'])
    await expectSame(model, 'large')
  })
})

const twice = defineLayer({
  type: 'twice',
  keras: 'Twice',
  options: defineOptions({}),
  outputShape: ([x]) => x,
  call: ({ ops }, [x]) => ops.multiply(x, 2),
})

describe('a network that no LayersModel holds', () => {
  it.each([
    ['a layer of a plugin', () => twice({ name: 'doubled' })(images), /the layer doubled[\s\S]*type twice[\s\S]*ONNX/],
    [
      'an activation that is a function',
      () => dense({ units: 2, activation: (ops, x) => ops.multiply(x, 2) })(flatten()(images)),
      /The activation of layer dense[\s\S]*a function of its own/,
    ],
    [
      'strides and dilations together',
      () => conv2d({ filters: 2, kernelSize: 2, strides: 2, dilations: 2 })(images),
      /strides and dilations/,
    ],
    ['a name that is none there', () => dense({ units: 2, name: 'größe' })(flatten()(images)), /größe\/kernel/],
  ])('is refused before anything is written: %s', async (_, output, message) => {
    await expect(written(modelOf(output()), 'refused')).rejects.toThrow(message)
    expect(readdirSync(folder)).not.toContain('refused')
  })
})

describe('a folder that holds no LayersModel', () => {
  it('is refused in words', async () => {
    await expect(openLayersModel(join(folder, 'nowhere'))).rejects.toMatchObject({ kind: 'file' })
    const path = await written(ofEverySort(), 'damaged')
    writeFileSync(join(path, 'group1-shard1of1.bin'), new Uint8Array(8))
    await expect(openLayersModel(path)).rejects.toMatchObject({
      kind: 'file',
      received: expect.stringContaining('8 bytes'),
    })
    writeFileSync(join(path, 'model.json'), '{}')
    await expect(openLayersModel(path)).rejects.toThrow('is no LayersModel')
  })

  it('is refused where it holds layers that nobody knows', async () => {
    const path = await written(ofEverySort(), 'unknown')
    const file = readFileSync(join(path, 'model.json'), 'utf8').replace('ConvzooLocal', 'Local')
    writeFileSync(join(path, 'model.json'), file)
    await expect(openLayersModel(path)).rejects.toThrow(/Unknown layer: LocalResponseNormalization/)
  })
})
