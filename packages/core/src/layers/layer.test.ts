import { describe, expect, it } from 'vitest'
import { createNameScope, functionalModel } from '../model/index.js'
import { errorOf } from '../testing/error-of.js'
import { forward } from '../testing/run-program.js'
import { averagePool2d, concatenate, conv2d, dense, flatten, input, maxPool2d, zeroPadding2d } from './index.js'

/** A value that the compiler does not know, as a JavaScript user could pass it. */
const unchecked = (json: string) => JSON.parse(json)

describe('options', () => {
  it('that are unknown are named, with those that exist', () => {
    const error = errorOf(() => conv2d(unchecked('{"filters":1,"kernel_size":3}')))
    expect(error.kind).toBe('option')
    expect(error.message).toMatch('layer conv2d has no option "kernel_size".')
    expect(error.received).toBe('kernel_size: 3')
    expect(error.expected).toBe(
      'one of filters, kernelSize, strides, padding, dilations, groups, activation, useBias, kernelInitializer, biasInitializer, kernelConstraint, name, trainable',
    )
    expect(errorOf(() => flatten(unchecked('{"axis":1}'))).expected).toBe('one of name, trainable')
    expect(errorOf(() => flatten(unchecked('{"toString":1}'))).received).toBe('toString: 1')
  })

  it.each([
    { json: '{"kernelSize":3}', option: 'filters', expected: 'a whole number of at least 1', received: 'undefined' },
    {
      json: '{"filters":0,"kernelSize":3}',
      option: 'filters',
      expected: 'a whole number of at least 1',
      received: '0',
    },
    {
      json: '{"filters":1.5,"kernelSize":3}',
      option: 'filters',
      expected: 'a whole number of at least 1',
      received: '1.5',
    },
    {
      json: '{"filters":1,"kernelSize":[1,2,3]}',
      option: 'kernelSize',
      expected: 'a whole number of at least 1, or two of them as [rows, columns]',
      received: '[1,2,3]',
    },
    {
      json: '{"filters":1,"kernelSize":1,"padding":"full"}',
      option: 'padding',
      expected: 'one of "valid", "same"',
      received: '"full"',
    },
    { json: '{"filters":1,"kernelSize":1,"useBias":1}', option: 'useBias', expected: 'true or false', received: '1' },
    {
      json: '{"filters":1,"kernelSize":1,"kernelInitializer":"he"}',
      option: 'kernelInitializer',
      expected:
        'one of "zeros", "ones", "constant", "randomUniform", "randomNormal", "truncatedNormal", "glorotUniform", ' +
        '"glorotNormal", "heUniform", "heNormal", "lecunUniform", "lecunNormal", or one of them with its parameters as ' +
        '{ type, … }',
      received: '"he"',
    },
  ])('of a bad value are named: $json', ({ json, option, expected, received }) => {
    const error = errorOf(() => conv2d(unchecked(json)))
    expect(error).toMatchObject({ kind: 'option', expected, received })
    expect(error.message).toMatch(`The option "${option}" of layer conv2d has a value that cannot be used.`)
  })

  it('in an error say which layer by its name', () => {
    expect(errorOf(() => dense({ units: 0, name: 'head' })).message).toMatch('layer dense "head"')
  })

  it('that are undefined take their defaults', () => {
    const x = conv2d({ filters: 1, kernelSize: 2, strides: undefined })(input({ shape: [4, 4, 1] }))
    expect(x.shape).toEqual([3, 3, 1])
  })
})

describe('a layer', () => {
  it('that does not fit is named by its counted name, or by its own', () => {
    const images = input({ shape: [12, 12, 3] })
    const small = maxPool2d({ poolSize: 3 })(maxPool2d({ poolSize: 3 })(images))
    expect(errorOf(() => maxPool2d({})(small))).toMatchObject({
      kind: 'shape',
      message: expect.stringMatching('The window of layer max_pooling2d_2 is larger than its input.'),
    })
    expect(errorOf(() => averagePool2d({ name: 'last' })(small)).message).toMatch('The window of layer last')
    expect(errorOf(() => conv2d({ filters: 1, kernelSize: 2 })(small)).message).toMatch('The kernel of layer conv2d ')
    const groups = conv2d({ filters: 4, kernelSize: 1, groups: 2 })
    expect(errorOf(() => groups(images)).message).toMatch('The option "groups" of layer conv2d_1 does not divide')
    expect(errorOf(() => dense({ units: 1 })(images)).message).toMatch('The layer dense takes one row of features')
    expect(errorOf(() => zeroPadding2d()(flatten()(images))).message).toMatch('The layer zero_padding2d takes images.')
    expect(errorOf(() => concatenate()([images, small])).message).toMatch('The layer concatenate was given inputs')
  })

  it('is named where it is first applied, not where it is made', () => {
    const images = input({ shape: [4] })
    const late = dense({ units: 2 })
    const early = dense({ units: 2 })
    expect(early(images).application.owner.name).toBe('dense')
    expect(late(images).application.owner.name).toBe('dense_1')
  })

  it('with a name of its own does not advance the count', () => {
    const images = input({ shape: [4] })
    dense({ units: 2, name: 'head' })(images)
    expect(dense({ units: 2 })(images).application.owner.name).toBe('dense')
  })

  it('takes symbolic tensors alone, and as many as it is made for', () => {
    const images = input({ shape: [4] })
    const model = functionalModel({ inputs: images, output: dense({ units: 1 })(images) })
    expect(errorOf(() => dense({ units: 1 })(unchecked('[1,2]')))).toMatchObject({ received: 'a list of 2' })
    expect(errorOf(() => dense({ units: 1 })([images, images]))).toMatchObject({
      kind: 'option',
      expected: 'one symbolic tensor',
      received: 'a list of 2',
    })
    const error = errorOf(() => dense({ units: 1 })(model as never))
    expect(error.message).toMatch('The layer dense was applied to something that it does not take.')
    expect(error.received).toBe('an object')
    expect(errorOf(() => concatenate()([]))).toMatchObject({ expected: 'one symbolic tensor or a list of them' })
  })

  it('applied again shares its weights', () => {
    const images = input({ shape: [2] })
    const shared = dense({ units: 2 })
    const model = functionalModel({ inputs: images, output: shared(shared(images)) })
    expect(model.layers.map(({ name, applications }) => [name, applications.length])).toEqual([
      ['input_1', 1],
      ['dense', 2],
    ])
    expect(model.weights.map(({ name }) => name)).toEqual(['dense/kernel', 'dense/bias'])
    // x·[[0, 1], [2, 0]] + [1, 0] twice: [3, 4] → [9, 3] → [7, 9]
    const state = new Map([
      ['dense/kernel', [0, 1, 2, 0]],
      ['dense/bias', [1, 0]],
    ])
    expect(forward(model, 1, [3, 4], { state })).toEqual([7, 9])
  })

  it('applied again must fit its weights', () => {
    const scope = createNameScope()
    const shared = dense({ units: 2 })
    shared(input({ shape: [3], scope }))
    expect(errorOf(() => shared(input({ shape: [4], scope })))).toMatchObject({
      kind: 'shape',
      expected: '(3, 2)',
      received: '(4, 2)',
    })
    const convolution = conv2d({ filters: 1, kernelSize: 3 })
    convolution(input({ shape: [5, 5, 2], scope }))
    expect(convolution(input({ shape: [9, 9, 2], scope })).shape).toEqual([7, 7, 1])
  })
})

describe('input', () => {
  it.each([{ shape: [] }, { shape: [0, 2, 1] }, { shape: [2.5] }, { shape: [-1] }])(
    'refuses the shape $shape',
    ({ shape }) => {
      expect(errorOf(() => input({ shape }))).toMatchObject({ kind: 'option', received: JSON.stringify(shape) })
    },
  )

  it('begins a scope of its own unless one is given', () => {
    expect(input({ shape: [1] }).scope).not.toBe(input({ shape: [1] }).scope)
    const scope = createNameScope()
    const first = input({ shape: [1], scope })
    const second = input({ shape: [1], scope })
    expect([first, second].map(({ application }) => application.owner.name)).toEqual(['input_1', 'input_2'])
    expect(maxPool2d({})(input({ shape: [2, 2, 1], scope })).scope).toBe(scope)
  })
})
