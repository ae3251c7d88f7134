import { fromBinary } from '@bufbuild/protobuf'
import {
  adamW,
  categoricalCrossentropy,
  conv2d,
  dense,
  flatten,
  functionalModel,
  input,
  type Optimizer,
  sgd,
  sgdL2,
  sgdw,
} from '@convzoo/core'
import { createProgram } from '@convzoo/core/engine'
import { ModelProtoSchema } from 'onnx-buf'
import { describe, expect, it } from 'vitest'
import { toOnnx } from '../to-onnx.js'

function operators(optimizer: Optimizer, kind: 'train' | 'accumulate'): Readonly<Record<string, number>> {
  const images = input({ shape: [6, 6, 1] })
  const features = flatten()(conv2d({ filters: 3, kernelSize: 3, useBias: false })(images))
  const model = functionalModel({
    inputs: images,
    output: dense({ units: 2, useBias: false, activation: 'softmax' })(features),
  })
  const program = createProgram({
    model,
    loss: categoricalCrossentropy(),
    optimizer,
    accumulation: kind === 'accumulate',
    batchSizes: { [kind]: [2] },
  })
  const graph = program.functions[`${kind}/2`]
  if (graph === undefined) throw new Error('The program lacks its function.')
  const { graph: lowered } = fromBinary(ModelProtoSchema, toOnnx(graph).model)
  const counts: Record<string, number> = {}
  for (const { opType } of lowered?.node ?? []) counts[opType] = (counts[opType] ?? 0) + 1
  return counts
}

// Two kernels, so two of whatever an update makes of each element. The forward pass, the losses and gradients add nothing.
describe('an update in few passes over the weights', () => {
  it.each([
    { name: 'sgdw', optimizer: sgdw({ weightDecay: 0.1, momentum: 0.9 }) },
    { name: 'sgd', optimizer: sgd({ weightDecay: 0.1, momentum: 0.9 }) },
  ])('$name decays by one product, gathers momentum in Gemm, and adds', ({ optimizer }) => {
    const { Add, Gemm } = operators(optimizer, 'train')
    expect({ Add, Gemm }).toEqual({ Add: 2, Gemm: 4 })
  })

  it("sgdL2 decays into the gradient's Gemm", () => {
    const caffe = sgdL2({ weightDecay: 0.1, momentum: 0.9, convention: 'caffe' })
    expect(operators(caffe, 'train').Add).toBe(2)
    // The buffer's sum with the gradient remains.
    expect(operators(sgdL2({ weightDecay: 0.1, momentum: 0.9 }), 'train').Add).toBe(2)
  })

  it('accumulated gradients take part in Gemm', () => {
    for (const optimizer of [sgdw({ weightDecay: 0.1 }), adamW()]) {
      const { Add, Gemm } = operators(optimizer, 'accumulate')
      expect({ Add, Gemm }).toEqual({ Add: undefined, Gemm: 4 })
    }
  })
})
