import { describe, expect, it } from 'vitest'
import { functionalModel } from '../model/index.js'
import { errorOf } from '../testing/error-of.js'
import { forward } from '../testing/run-program.js'
import { add, dense, input } from './index.js'

describe('add', () => {
  it('sums its inputs, be it one taken twice', () => {
    const images = input({ shape: [3] })
    const model = functionalModel({ inputs: images, output: add()([images, images, images]) })
    expect(forward(model, 1, [1, -2, 3])).toEqual([3, -6, 9])
    expect(forward(functionalModel({ inputs: images, output: add()(images) }), 1, [1, -2, 3])).toEqual([1, -2, 3])
  })

  it('refuses inputs of unlike shapes: nothing is broadcast', () => {
    const images = input({ shape: [3] })
    const error = errorOf(() => add()([images, dense({ units: 1 })(images)]))
    expect(error).toMatchObject({ kind: 'shape', expected: 'equal shapes', received: '(None, 3) and (None, 1)' })
    expect(error.message).toMatch('The layer add was given inputs that cannot be added.')
  })
})
