import { fromBinary } from '@bufbuild/protobuf'
import { GraphBuilder, opsFor } from '@convzoo/core/engine'
import { ModelProtoSchema } from 'onnx-buf'
import { describe, expect, it } from 'vitest'
import { type ToOnnxOptions, toOnnx } from '../to-onnx.js'

interface Case extends ToOnnxOptions {
  readonly transposeB?: boolean
  readonly isStep?: boolean
}

/** The operators of a [rows, 96] · b, [length, 96] transposed or [96, length]. */
function operators(rows: number, length: number, { transposeB = true, isStep = false, ...options }: Case = {}) {
  const builder = new GraphBuilder()
  const ops = opsFor(builder)
  const a = builder.input('a', { shape: [rows, 96], dtype: 'float32' })
  const b = builder.input('b', { shape: transposeB ? [length, 96] : [96, length], dtype: 'float32' })
  builder.output('product', ops.matMul(a, b, { transposeB }))
  if (isStep) builder.assign('b', builder.input('next', { shape: b.shape, dtype: 'float32' }))
  const { graph } = fromBinary(ModelProtoSchema, toOnnx(builder.finish('multiply'), options).model)
  return graph?.node.map(({ opType }) => opType)
}

describe('the gradient of a dense layer towards its input', () => {
  it('has the weights on the left where few rows meet many', () => {
    const turned = ['Transpose', 'MatMul', 'Transpose']
    expect(operators(16, 512)).toEqual(turned)
    expect(operators(2, 32)).toEqual(turned)
    expect(operators(32, 512)).toEqual(turned)
  })

  it.each([
    ['a single row', 1, 512],
    ['many rows', 33, 4096],
    ['a small matrix of weights', 16, 128],
  ])('is one Gemm for %s', (_, rows, length) => {
    expect(operators(rows, length)).toEqual(['Gemm'])
  })

  it('is one Gemm forward, in a step of training and on a GPU', () => {
    expect(operators(16, 512, { transposeB: false })).toEqual(['Gemm'])
    expect(operators(16, 512, { isStep: true })).toContain('Gemm')
    expect(operators(16, 512, { target: 'gpu' })).toEqual(['Gemm'])
  })
})
