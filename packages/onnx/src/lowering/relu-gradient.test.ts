import { fromBinary } from '@bufbuild/protobuf'
import type { Ops, Value } from '@convzoo/core/define'
import { GraphBuilder, gradients, opsFor } from '@convzoo/core/engine'
import { ModelProtoSchema } from 'onnx-buf'
import { describe, expect, it } from 'vitest'
import { type ToOnnxOptions, toOnnx } from '../to-onnx.js'

/** How often `Where` and `Cast` stand in the gradient of something with respect to what goes into a ReLU, [2, 4, 4, 3]. */
function operators(after: (ops: Ops, x: Value, weights: Value) => Value, options: ToOnnxOptions = {}) {
  const builder = new GraphBuilder()
  const ops = opsFor(builder)
  const x = builder.input('x', { shape: [2, 4, 4, 3], dtype: 'float32' })
  const weights = builder.input('weights', { shape: [3, 3, 3, 5], dtype: 'float32' })
  const target = ops.sum(ops.square(after(ops, ops.relu(x), weights)))
  const [gradient] = gradients(builder, ops, target, [x])
  if (gradient === undefined) throw new Error('There is no gradient.')
  builder.output('gradient', gradient)
  return counted(builder, options)
}

function counted(builder: GraphBuilder, options: ToOnnxOptions = {}) {
  const { graph } = fromBinary(ModelProtoSchema, toOnnx(builder.finish('gradient'), options).model)
  const count = (name: string): number => graph?.node.filter(({ opType }) => opType === name).length ?? 0
  return { where: count('Where'), cast: count('Cast') }
}

const same = {
  strides: [1, 1],
  padding: { top: 1, bottom: 1, left: 1, right: 1 },
  dilations: [1, 1],
  groups: 1,
} as const
const window = { size: [2, 2], strides: [2, 2], padding: { top: 0, bottom: 0, left: 0, right: 0 } } as const
const convolved = (ops: Ops, y: Value, weights: Value): Value => ops.conv2d(y, weights, same)

describe('the gradient of a ReLU on a CPU', () => {
  it.each([
    ['a convolution', convolved],
    [
      'pooling and a convolution',
      (ops: Ops, y: Value, weights: Value) => convolved(ops, ops.maxPool2d(y, window), weights),
    ],
    [
      'a branch past a convolution',
      (ops: Ops, y: Value, weights: Value) => {
        const branch = ops.slice(convolved(ops, y, weights), [0, 0, 0, 0], [2, 4, 4, 3])
        return convolved(ops, ops.relu(ops.add(y, branch)), weights)
      },
    ],
  ])('that comes through %s is a product', (_, after) => {
    const { where, cast } = operators(after)
    expect(where).toBe(0)
    expect(cast).toBeGreaterThan(0)
  })

  it.each([
    ['a root, which is infinite at 0', (ops: Ops, y: Value) => ops.sqrt(y)],
    ['a root behind pooling', (ops: Ops, y: Value) => ops.sqrt(ops.maxPool2d(y, window))],
    ['a quotient', (ops: Ops, y: Value) => ops.divide(1, y)],
  ])('that comes through %s is chosen', (_, after) => {
    expect(operators(after)).toEqual({ where: 1, cast: 0 })
  })

  it('is no gradient where a number is chosen for each unit that is on', () => {
    const builder = new GraphBuilder()
    const ops = opsFor(builder)
    const x = builder.input('x', { shape: [2, 4, 4, 3], dtype: 'float32' })
    builder.output('on', ops.select(ops.greater(ops.relu(x), 0), 1, 0))
    expect(counted(builder)).toEqual({ where: 1, cast: 0 })
  })

  it('is chosen on a GPU, where that is one pass', () => {
    expect(operators(convolved, { target: 'gpu' })).toEqual({ where: 1, cast: 0 })
  })
})
