import { describe, expect, it } from 'vitest'
import { gradients } from '../gradients/index.js'
import { given, trace } from '../testing/evaluate.js'
import { type ActivationName, activations } from './activations.js'

/** Values and gradients at these places, in single precision. */
function at(name: ActivationName, places: readonly number[]) {
  const traced = trace([given([places.length], places)], (ops, [x], builder) => {
    if (x === undefined) throw new Error('There is no value.')
    const y = activations[name](ops, x)
    return [y, ...gradients(builder, ops, ops.sum(y), [x]).flatMap((gradient) => gradient ?? [])]
  })
  return traced.run([places], 'float32').map(({ data }) => [...data])
}

describe('activations', () => {
  it.each(Object.keys(activations) as ActivationName[])('%s and its gradient stay finite far from 0', (name) => {
    for (const numbers of at(name, [-1e4, -200, 0, 200, 1e4])) {
      expect(numbers).toHaveLength(5)
      expect(numbers.every(Number.isFinite)).toBe(true)
    }
  })

  it.each([
    { name: 'elu', value: 0, gradient: 1 },
    { name: 'softplus', value: Math.fround(Math.LN2), gradient: 0.5 },
    { name: 'swish', value: 0, gradient: 0.5 },
    { name: 'relu6', value: 0, gradient: 0 },
    { name: 'gelu', value: 0, gradient: 0.5 },
  ] as const)('$name has the gradient $gradient at 0, where its branches meet', ({ name, value, gradient }) => {
    expect(at(name, [0])).toEqual([[value], [gradient]])
  })

  it('relu6 and what is made of it have the gradient 0 at 6, as in PyTorch and TensorFlow', () => {
    expect(at('relu6', [6])).toEqual([[6], [0]])
    expect(at('hardSigmoid', [3, -3])).toEqual([
      [1, 0],
      [0, 0],
    ])
  })

  it('softplus is x where x is large, and its gradient 1', () => {
    expect(at('softplus', [150, -150])).toEqual([
      [150, 0],
      [1, 0],
    ])
  })
})
