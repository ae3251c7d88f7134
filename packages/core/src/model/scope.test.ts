import { describe, expect, it } from 'vitest'
import { createNameScope, snakeCase } from './scope.js'

describe('snakeCase', () => {
  // Keras' names for its own classes.
  it.each([
    ['Conv2D', 'conv2d'],
    ['MaxPooling2D', 'max_pooling2d'],
    ['GlobalAveragePooling2D', 'global_average_pooling2d'],
    ['Conv2DTranspose', 'conv2d_transpose'],
    ['InputLayer', 'input_layer'],
    ['Dense', 'dense'],
    ['_Private', 'private__private'],
  ])('makes of %s %s', (keras, name) => {
    expect(snakeCase(keras)).toBe(name)
  })
})

describe('a name scope', () => {
  it('counts each class on its own, from a bare name', () => {
    const scope = createNameScope()
    expect(
      ['Conv2D', 'Dense', 'Conv2D', 'Conv2D', 'Dense', 'Model', 'Model'].map((keras) => scope.next(keras)),
    ).toEqual(['conv2d', 'dense', 'conv2d_1', 'conv2d_2', 'dense_1', 'model', 'model_1'])
  })

  it('counts inputs from 1', () => {
    const scope = createNameScope()
    expect([scope.next('InputLayer'), scope.next('InputLayer')]).toEqual(['input_1', 'input_2'])
  })

  it('goes on from what it is told has been named', () => {
    const scope = createNameScope({ Conv2D: 5, InputLayer: 1 })
    expect(['Conv2D', 'InputLayer', 'Dense'].map((keras) => scope.next(keras))).toEqual([
      'conv2d_5',
      'input_2',
      'dense',
    ])
  })

  it('is apart from other scopes', () => {
    createNameScope().next('Dense')
    expect(createNameScope().next('Dense')).toBe('dense')
  })
})
