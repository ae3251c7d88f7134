import { describe, expect, it } from 'vitest'
import { activation, concatenate, conv2d, dense, dropout, flatten, input, maxPool2d } from '../layers/index.js'
import { errorOf } from '../testing/error-of.js'
import { alexnet, twoTower } from '../testing/networks.js'
import { forward } from '../testing/run-program.js'
import type { Model } from './contract.js'
import { functionalModel } from './model.js'
import { createNameScope } from './scope.js'

const imageShape = [227, 227, 3]
const namesOf = (model: Model) => model.layers.map(({ name }) => name)

describe("the notebook's AlexNet", () => {
  const images = input({ shape: imageShape })
  const model = functionalModel({ inputs: images, output: alexnet(images) })

  it('has its 15 layers, named and shaped as the notebook prints them', () => {
    expect(model.name).toBe('model')
    expect(model.layers.map(({ name, outputShape, parameters }) => [name, outputShape, parameters])).toEqual([
      ['input_1', [227, 227, 3], 0],
      ['conv2d', [55, 55, 96], 34944],
      ['max_pooling2d', [27, 27, 96], 0],
      ['conv2d_1', [27, 27, 256], 614656],
      ['max_pooling2d_1', [13, 13, 256], 0],
      ['conv2d_2', [13, 13, 384], 885120],
      ['conv2d_3', [13, 13, 384], 1327488],
      ['conv2d_4', [13, 13, 256], 884992],
      ['max_pooling2d_2', [6, 6, 256], 0],
      ['flatten', [9216], 0],
      ['dense', [4096], 37752832],
      ['dropout', [4096], 0],
      ['dense_1', [4096], 16781312],
      ['dropout_1', [4096], 0],
      ['dense_2', [1000], 4097000],
    ])
  })

  it('lists kernel and bias layer by layer, as model.weights does', () => {
    expect(model.weights.map(({ name, shape }) => `${name} ${shape.join('×')}`)).toEqual([
      'conv2d/kernel 11×11×3×96',
      'conv2d/bias 96',
      'conv2d_1/kernel 5×5×96×256',
      'conv2d_1/bias 256',
      'conv2d_2/kernel 3×3×256×384',
      'conv2d_2/bias 384',
      'conv2d_3/kernel 3×3×384×384',
      'conv2d_3/bias 384',
      'conv2d_4/kernel 3×3×384×256',
      'conv2d_4/bias 256',
      'dense/kernel 9216×4096',
      'dense/bias 4096',
      'dense_1/kernel 4096×4096',
      'dense_1/bias 4096',
      'dense_2/kernel 4096×1000',
      'dense_2/bias 1000',
    ])
    expect(model.weights.filter(({ initializer }) => initializer.type === 'ones').map(({ name }) => name)).toEqual([
      'conv2d_2/bias',
    ])
  })
})

describe('two networks in one scope', () => {
  const scope = createNameScope()
  const images = input({ shape: imageShape, scope })
  const first = functionalModel({ inputs: images, output: alexnet(images) })
  const second = functionalModel({ inputs: images, output: twoTower(images) })

  it('share an input and go on counting', () => {
    expect([first.name, second.name]).toEqual(['model', 'model_1'])
    expect(second.layers[0]?.name).toBe('input_1')
    expect(second.scope).toBe(scope)
  })

  // Keras' order of model_1: by depth, and within a depth as a search from the output meets them. Creation order would have
  // concatenate_4 before concatenate_5 and dense_5 before dense_6.
  it('list their layers in the order of Keras', () => {
    expect(namesOf(second)).toEqual(
      [
        'input_1 conv2d_5 conv2d_7 max_pooling2d_3 max_pooling2d_4 conv2d_6 conv2d_8 concatenate concatenate_1',
        'conv2d_9 conv2d_12 conv2d_10 conv2d_13 conv2d_11 conv2d_14 max_pooling2d_5 max_pooling2d_6',
        'flatten_1 flatten_2 concatenate_2 concatenate_3 dense_3 dense_4 concatenate_5 concatenate_4',
        'dense_6 dense_5 concatenate_6 dense_7',
      ].flatMap((line) => line.split(' ')),
    )
    const edges = second.layers.flatMap(({ applications }) => applications.flatMap(({ inputs }) => inputs))
    expect([second.layers.length, edges.length]).toEqual([29, 35])
  })

  it('leave the first as it was', () => {
    expect(first.layers).toHaveLength(15)
    expect(first.layers[0]?.applications).toHaveLength(1)
  })
})

describe('functionalModel', () => {
  it('orders branches of unlike length by depth, ties as the search from the output meets them', () => {
    const images = input({ shape: [4, 4, 1] })
    const short = flatten({ name: 'short' })(images)
    const long = maxPool2d({ name: 'long_1' })(conv2d({ filters: 2, kernelSize: 1, name: 'long_2' })(images))
    const rows = flatten({ name: 'long_0' })(long)
    const joined = (list: readonly (typeof rows)[]) =>
      functionalModel({
        inputs: images,
        output: dense({ units: 1, name: 'head' })(concatenate({ name: 'join' })(list)),
      })
    expect(namesOf(joined([short, rows]))).toEqual(['input_1', 'long_2', 'long_1', 'short', 'long_0', 'join', 'head'])
    expect(namesOf(joined([rows, short]))).toEqual(['input_1', 'long_2', 'long_1', 'long_0', 'short', 'join', 'head'])
  })

  it('puts a shared layer where its deepest application stands, once', () => {
    const images = input({ shape: [3] })
    const shared = dense({ units: 3, name: 'shared' })
    const between = activation({ function: 'relu', name: 'between' })
    const model = functionalModel({ inputs: images, output: shared(between(shared(images))) })
    expect(namesOf(model)).toEqual(['input_1', 'shared', 'between'])
    expect(model.layers[1]?.applications.map(({ index }) => index)).toEqual([0, 1])
    expect(model.layers[1]?.parameters).toBe(12)
  })

  it('leaves out layers that do not lead to its output', () => {
    const images = input({ shape: [3] })
    dropout({ rate: 0.5 })(images)
    const model = functionalModel({ inputs: images, output: dense({ units: 1 })(images) })
    expect(namesOf(model)).toEqual(['input_1', 'dense'])
  })

  it('counts within a fresh scope for each input', () => {
    for (let time = 0; time < 2; time++) {
      const images = input({ shape: [3] })
      const model = functionalModel({ inputs: images, output: dense({ units: 1 })(images) })
      expect([model.name, ...namesOf(model)]).toEqual(['model', 'input_1', 'dense'])
    }
  })

  it('takes a name, which does not advance the count', () => {
    const images = input({ shape: [3] })
    const output = dense({ units: 1 })(images)
    expect(functionalModel({ inputs: images, output, name: 'mine' }).name).toBe('mine')
    expect(functionalModel({ inputs: images, output }).name).toBe('model')
    expect(functionalModel({ inputs: images, output }).name).toBe('model_1')
  })

  it('takes several inputs', () => {
    const scope = createNameScope()
    const a = input({ shape: [2], scope })
    const b = input({ shape: [3], scope })
    const model = functionalModel({ inputs: [a, b], output: concatenate()([a, b]) })
    expect(namesOf(model)).toEqual(['input_1', 'input_2', 'concatenate'])
    expect(model.output.shape).toEqual([5])
  })

  it('computes a join in the order in which it was written', () => {
    const images = input({ shape: [2] })
    const doubled = concatenate()([images, activation({ function: 'relu' })(images)])
    expect(forward(functionalModel({ inputs: images, output: doubled }), 2, [-1, 2, 3, -4])).toEqual([
      -1, 2, 0, 2, 3, -4, 3, 0,
    ])
  })

  it('refuses two layers of one name', () => {
    const images = input({ shape: [3] })
    const output = dense({ units: 1, name: 'twin' })(dense({ units: 2, name: 'twin' })(images))
    expect(errorOf(() => functionalModel({ inputs: images, output }))).toMatchObject({
      kind: 'option',
      received: 'twin',
      message: expect.stringContaining('Two layers of a model are named "twin".'),
    })
  })

  it('refuses an output of other inputs, also where they have the same name', () => {
    const images = input({ shape: [3] })
    const foreign = input({ shape: [4] })
    const error = errorOf(() => functionalModel({ inputs: images, output: dense({ units: 1 })(foreign) }))
    expect(error).toMatchObject({ kind: 'shape', expected: 'input_1 (3,)', received: 'input_1 (4,)' })
  })

  it('refuses an input that the output does not need, and one that is missing', () => {
    const scope = createNameScope()
    const a = input({ shape: [2], scope })
    const b = input({ shape: [2], scope })
    const unused = errorOf(() => functionalModel({ inputs: [a, b], output: dense({ units: 1 })(a) }))
    expect(unused).toMatchObject({ expected: 'input_1 (2,), input_2 (2,)', received: 'input_1 (2,)' })
    const missing = errorOf(() => functionalModel({ inputs: a, output: concatenate()([a, b]) }))
    expect(missing).toMatchObject({ expected: 'input_1 (2,)', received: 'input_1 (2,), input_2 (2,)' })
  })
})
