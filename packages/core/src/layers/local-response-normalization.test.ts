import { describe, expect, it } from 'vitest'
import { functionalModel } from '../model/index.js'
import { errorOf } from '../testing/error-of.js'
import { forward } from '../testing/run-program.js'
import { input, localResponseNormalization } from './index.js'

const on = (shape: readonly number[], options?: Parameters<typeof localResponseNormalization>[0]) => {
  const images = input({ shape })
  return functionalModel({ inputs: images, output: localResponseNormalization(options)(images) })
}

describe('localResponseNormalization', () => {
  it('divides by the sum over neighbouring channels, not by their mean, and not across pixels', () => {
    // Two pixels of four channels, one neighbour on either side: 1 + Σ x², to the power of 1.
    const model = on([1, 2, 4], { depthRadius: 1, bias: 1, alpha: 1, beta: 1 })
    expect(forward(model, 1, [1, 2, 0, 3, 0, 0, 5, 0])).toEqual([1 / 6, 2 / 6, 0, 3 / 10, 0, 0, 5 / 26, 0])
  })

  it('keeps shapes and has no weights', () => {
    const model = on([55, 55, 96])
    expect(model.output.shape).toEqual([55, 55, 96])
    expect(model.weights).toEqual([])
    expect(model.layers.at(-1)?.name).toBe('local_response_normalization')
  })

  it.each([
    ['depthRadius', 1.5],
    ['bias', 0],
    ['alpha', -1],
    ['beta', Number.POSITIVE_INFINITY],
  ])('refuses %s %s', (option, value) => {
    const error = errorOf(() => localResponseNormalization({ [option]: value }))
    expect(error).toMatchObject({ kind: 'option', received: String(value) })
    expect(error.message).toMatch(`"${option}" of layer localResponseNormalization`)
  })
})
