import { GraphBuilder, opsFor } from '@convzoo/core/engine'
import { expect, it } from 'vitest'
import { toOnnx } from './to-onnx.js'

it('a function says whether some of what it gives depends on nothing', () => {
  const given = (assigned: 'sum' | 'zeros') => {
    const builder = new GraphBuilder()
    const ops = opsFor(builder)
    const weight = builder.state('weight', { shape: [3], dtype: 'float32' })
    const zeros = ops.multiply(ops.constant(0, [3]), 2)
    builder.assign('weight', assigned === 'zeros' ? zeros : ops.add(weight, zeros))
    builder.output('sum', ops.sum(weight))
    return toOnnx(builder.finish('step')).givesConstants
  }
  expect([given('sum'), given('zeros')]).toEqual([false, true])
})
