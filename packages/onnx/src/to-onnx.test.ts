import { fromBinary } from '@bufbuild/protobuf'
import { GraphBuilder, opsFor } from '@convzoo/core/engine'
import { ModelProtoSchema } from 'onnx-buf'
import { describe, expect, it } from 'vitest'
import { toOnnx } from './to-onnx.js'

describe('lowering', () => {
  it('takes a network however deep it is', () => {
    const builder = new GraphBuilder()
    const ops = opsFor(builder)
    let x = builder.input('x', { shape: [2, 3], dtype: 'float32' })
    for (let layer = 0; layer < 5000; layer++) x = ops.tanh(ops.multiply(x, 0.5))
    builder.output('y', x)
    const { graph } = fromBinary(ModelProtoSchema, toOnnx(builder.finish('deep')).model)
    expect(graph?.node.filter(({ opType }) => opType === 'Tanh')).toHaveLength(5000)
  })

  it('lets a value leave under several names, and has others read it still', () => {
    const builder = new GraphBuilder()
    const ops = opsFor(builder)
    const y = ops.tanh(builder.input('x', { shape: [2], dtype: 'float32' }))
    builder.output('first', y)
    builder.output('second', y)
    builder.output('third', ops.exp(y))
    const { graph } = fromBinary(ModelProtoSchema, toOnnx(builder.finish('leaving')).model)
    const wiring = graph?.node.map(({ opType, input, output }) => [opType, input, output])
    expect(wiring).toContainEqual(['Tanh', ['input x'], ['output first']])
    expect(wiring).toContainEqual(['Identity', ['output first'], ['output second']])
    expect(wiring).toContainEqual(['Exp', ['output first'], ['output third']])
  })
})
