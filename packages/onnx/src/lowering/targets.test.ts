import { fromBinary } from '@bufbuild/protobuf'
import {
  categoricalCrossentropy,
  conv2d,
  dense,
  flatten,
  functionalModel,
  input,
  maxPool2d,
  type Pair,
  sgdw,
} from '@convzoo/core'
import { type ConvolutionAttributes, convolutionSize, createProgram, GraphBuilder, opsFor } from '@convzoo/core/engine'
import { ModelProtoSchema } from 'onnx-buf'
import { describe, expect, it } from 'vitest'
import { toOnnx } from '../to-onnx.js'
import type { Target } from './emitter.js'

/** The operators of a function of a small network. */
function operatorsOf(target: Target, what: 'train' | 'predict' | 'evaluate') {
  const images = input({ shape: [16, 16, 3] })
  const first = conv2d({ filters: 32, kernelSize: 3, padding: 'same', activation: 'relu' })(images)
  const second = conv2d({ filters: 64, kernelSize: 3, padding: 'same', activation: 'relu' })(
    maxPool2d({ poolSize: 2 })(first),
  )
  const third = conv2d({ filters: 64, kernelSize: 3, strides: 2 })(second)
  const model = functionalModel({
    inputs: images,
    output: dense({ units: 4, activation: 'softmax' })(flatten()(third)),
  })
  const optimizer = sgdw({ weightDecay: 0.1, momentum: 0.9 })
  const { functions } = createProgram({
    model,
    optimizer,
    loss: categoricalCrossentropy(),
    batchSizes: { [what]: [8] },
  })
  const graph = functions[`${what}/8`]
  if (graph === undefined) throw new Error('The program lacks its function.')
  return fromBinary(ModelProtoSchema, toOnnx(graph, { target }).model).graph?.node ?? []
}

/** How often a training step of it has each operator. */
function stepOn(target: Target): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const { opType } of operatorsOf(target, 'train')) counts[opType] = (counts[opType] ?? 0) + 1
  return counts
}

describe('a training step', () => {
  it('for a GPU leaves convolutions, and all gradients of them, to its library', () => {
    const { Conv, ConvTranspose, MatMul, Gather } = stepOn('gpu')
    // Three outputs and three gradients of kernels; the input of the first has no gradient.
    expect({ Conv, ConvTranspose, MatMul, Gather }).toEqual({
      Conv: 6,
      ConvTranspose: 2,
      MatMul: undefined,
      Gather: undefined,
    })
  })

  it('for a CPU has matrix products where they cost less', () => {
    const { ConvTranspose, MatMul } = stepOn('cpu')
    expect(MatMul).toBeGreaterThan(0)
    expect(ConvTranspose).toBe(1)
  })
})

describe('where the largest cell of a window lies', () => {
  const outputs = (target: Target, what: 'train' | 'predict' | 'evaluate') =>
    operatorsOf(target, what).flatMap(({ opType, output }) => (opType === 'MaxPool' ? [output.length] : []))

  it.each(['cpu', 'gpu'] as const)('is asked for in a training step alone, for a %s', (target) => {
    expect(outputs(target, 'train')).toEqual([2])
    expect(outputs(target, 'predict')).toEqual([1])
    expect(outputs(target, 'evaluate')).toEqual([1])
  })
})

describe('a convolution in groups, for a GPU', () => {
  it.each([
    { title: 'several channels a group', groups: 4, own: 3, filters: 8 },
    { title: 'depthwise', groups: 4, own: 1, filters: 4 },
    { title: 'no groups', groups: 1, own: 3, filters: 8 },
  ])('$title: the gradient of its kernel is one convolution', ({ groups, own, filters }) => {
    const builder = new GraphBuilder()
    const attributes: ConvolutionAttributes = {
      strides: [2, 1],
      dilations: [1, 2],
      padding: { top: 1, bottom: 0, left: 2, right: 1 },
      groups,
    }
    const kernelSize: Pair = [3, 2]
    const x = builder.input('x', { shape: [2, 7, 6, groups * own], dtype: 'float32' })
    const sides = convolutionSize([7, 6], kernelSize, attributes)
    const dy = builder.input('dy', { shape: [2, ...sides, filters], dtype: 'float32' })
    builder.output('dk', opsFor(builder).conv2dKernelGradient(x, dy, { ...attributes, kernelSize }))
    const { graph } = fromBinary(ModelProtoSchema, toOnnx(builder.finish('one'), { target: 'gpu' }).model)
    const products = new Set(['Conv', 'ConvTranspose', 'MatMul', 'Gemm', 'Mul'])
    expect(graph?.node.map(({ opType }) => opType).filter((name) => products.has(name))).toEqual(['Conv'])
  })
})
