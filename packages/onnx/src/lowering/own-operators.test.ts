import { fromBinary } from '@bufbuild/protobuf'
import {
  categoricalCrossentropy,
  conv2d,
  dense,
  dropout,
  flatten,
  functionalModel,
  input,
  maxPool2d,
  sgdw,
} from '@convzoo/core'
import { createProgram, type Graph, GraphBuilder, opsFor } from '@convzoo/core/engine'
import { ModelProtoSchema } from 'onnx-buf'
import { describe, expect, it } from 'vitest'
import { toOnnx } from '../to-onnx.js'

/** A training step of a network with five weights of each kind that operators of our own are for. */
function step(): Graph {
  const images = input({ shape: [12, 12, 3] })
  const first = maxPool2d({ poolSize: 2 })(conv2d({ filters: 4, kernelSize: 3, activation: 'relu' })(images))
  const second = dropout({ rate: 0.5 })(dense({ units: 8, activation: 'relu' })(flatten()(first)))
  const output = dense({ units: 3, activation: 'softmax' })(second)
  const { functions } = createProgram({
    model: functionalModel({ inputs: images, output }),
    optimizer: sgdw({ weightDecay: 0.1, momentum: 0.9 }),
    loss: categoricalCrossentropy(),
    batchSizes: { train: [8] },
  })
  const graph = functions['train/8']
  if (graph === undefined) throw new Error('The program lacks its function.')
  return graph
}

const modelOf = (bytes: Uint8Array) => fromBinary(ModelProtoSchema, bytes)
const countsOf = (names: readonly string[]): Readonly<Record<string, number>> =>
  Object.fromEntries([...new Set(names)].map((name) => [name, names.filter((each) => each === name).length]))

describe('a training step for a runtime with operators of its own', () => {
  it('has one for each weight and its slot, one that asks whether all is finite, and draws where it runs', () => {
    const { model, operators, randoms } = toOnnx(step(), { target: 'gpu', ownOperators: true })
    const kinds = operators.map(({ kind }) => kind)
    expect(countsOf(kinds)).toEqual({
      convolution: 1,
      kernelGradient: 1,
      maxPoolGradient: 1,
      // Gradients of the three biases.
      sums: 3,
      uniform: 1,
      // Three kernels, three biases, and what a ReLU lets through of a gradient.
      elementwise: 7,
      allFinite: 1,
    })
    expect(randoms.map(({ holds, shape }) => ({ holds, shape }))).toEqual([{ holds: 'key', shape: [2 + 8] }])
    const { graph, opsetImport } = modelOf(model)
    const own = graph?.node.filter(({ domain }) => domain === 'convzoo').map(({ opType }) => opType)
    expect(own?.toSorted()).toEqual(operators.map(({ type }) => type).toSorted())
    expect(opsetImport.map(({ domain }) => domain)).toEqual(['', 'convzoo'])
    const others = countsOf((graph?.node ?? []).map(({ opType }) => opType))
    expect([others.And, others.Equal, others.ScatterElements]).toEqual([undefined, undefined, undefined])
  })

  it('computes with channels last where it is told to, and turns nothing but kernels', () => {
    const { model, operators } = toOnnx(step(), { target: 'gpu', ownOperators: true, layout: 'channelsLast' })
    expect(countsOf(operators.map(({ kind }) => kind))).toEqual({
      convolution: 1,
      kernelGradient: 1,
      maxPool: 1,
      maxPoolGradient: 1,
      sums: 3,
      uniform: 1,
      elementwise: 7,
      allFinite: 1,
    })
    const [convolution] = operators
    expect(convolution?.kind === 'convolution' && convolution.relu && convolution.bias).toBe(true)
    const { graph } = modelOf(model)
    const permutations = (graph?.node ?? [])
      .filter(({ opType }) => opType === 'Transpose')
      .map(({ attribute }) => attribute[0]?.ints.map(Number))
    expect(permutations).toEqual([
      [3, 0, 1, 2],
      [1, 2, 3, 0],
    ])
  })

  it('leaves convolutions with groups or dilations to ONNX, with channels first', () => {
    const builder = new GraphBuilder()
    const ops = opsFor(builder)
    const x = builder.input('x', { shape: [2, 8, 8, 4], dtype: 'float32' })
    const kernel = builder.input('kernel', { shape: [3, 3, 2, 4], dtype: 'float32' })
    const padding = { top: 1, bottom: 1, left: 1, right: 1 }
    builder.output('y', ops.conv2d(x, kernel, { strides: [1, 1], padding, dilations: [1, 1], groups: 2 }))
    const how = { target: 'gpu', ownOperators: true, layout: 'channelsLast' } as const
    expect(toOnnx(builder.finish('one'), how).operators).toEqual([])
  })

  it('is of standard operators alone unless others are allowed', () => {
    const { model, operators, randoms } = toOnnx(step(), { target: 'gpu' })
    expect(operators).toEqual([])
    expect(randoms.map(({ holds }) => holds)).toEqual(['numbers'])
    expect(modelOf(model).opsetImport.map(({ domain }) => domain)).toEqual([''])
  })

  it('joins nothing that is read before all of it is known', () => {
    const builder = new GraphBuilder()
    const ops = opsFor(builder)
    const weight = builder.state('weight', { shape: [4], dtype: 'float32' })
    // The step's length depends on what it is made of: one operator would wait for itself.
    const doubled = ops.multiply(weight, 2)
    const length = ops.sqrt(ops.sum(ops.multiply(doubled, doubled)))
    builder.assign('weight', ops.subtract(weight, ops.divide(ops.negate(doubled), length)))
    const { operators } = toOnnx(builder.finish('step'), { target: 'gpu', ownOperators: true })
    expect(operators.map(({ kind }) => kind)).toEqual(['elementwise'])
    const [joined] = operators
    expect(joined?.kind === 'elementwise' && joined.steps.map(({ primitive }) => primitive)).toEqual([
      'negate',
      'divide',
      'subtract',
    ])
  })
})

describe('what a library of GPUs cannot do', () => {
  it('pads gradients of images evenly, and cuts off what is too much', () => {
    const builder = new GraphBuilder()
    const ops = opsFor(builder)
    const dy = builder.input('dy', { shape: [2, 3, 3, 4], dtype: 'float32' })
    const kernel = builder.input('kernel', { shape: [3, 3, 3, 4], dtype: 'float32' })
    const padding = { top: 0, bottom: 1, left: 0, right: 1 }
    const windows = { strides: [2, 2], padding, dilations: [1, 1], groups: 1, imageSize: [6, 6] } as const
    builder.output('dx', ops.conv2dInputGradient(dy, kernel, windows))
    const { graph } = modelOf(toOnnx(builder.finish('one'), { target: 'gpu' }).model)
    const transposed = graph?.node.find(({ opType }) => opType === 'ConvTranspose')
    expect(transposed?.attribute.find(({ name }) => name === 'pads')?.ints.map(Number)).toEqual([0, 0, 0, 0])
    expect(graph?.node.some(({ opType }) => opType === 'Slice')).toBe(true)
  })
})
