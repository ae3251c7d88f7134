import { describe, expect, it } from 'vitest'
import { costOf } from '../cost/index.js'
import { functionalModel } from '../model/index.js'
import { errorOf } from '../testing/error-of.js'
import { forward } from '../testing/run-program.js'
import {
  channelShuffle,
  conv2d,
  dense,
  globalAveragePooling2d,
  input,
  layerNormalization,
  multiply,
  permute,
  reshape,
} from './index.js'

const images = input({ shape: [2, 3, 4] })

describe('multiply', () => {
  it('weighs channels, whether their weights are an image or a row', () => {
    const x = input({ shape: [1, 2, 2] })
    const asImage = globalAveragePooling2d({ keepDimensions: true })(x)
    const asRow = globalAveragePooling2d()(x)
    for (const inputs of [
      [x, asImage],
      [asRow, x],
    ]) {
      const model = functionalModel({ inputs: x, output: multiply()(inputs) })
      expect(model.output.shape).toEqual([1, 2, 2])
      expect(forward(model, 2, [1, 2, 3, 4, 0, 1, 2, 3])).toEqual([2, 6, 6, 12, 0, 2, 2, 6])
    }
  })

  it('leaves the receptive field of a cell that is weighed by one of the whole image', () => {
    const x = input({ shape: [9, 9, 2] })
    const y = conv2d({ filters: 2, kernelSize: 3, padding: 'same' })(x)
    for (const inputs of [
      [y, y],
      [reshape({ targetShape: [1, 1, 2] })(globalAveragePooling2d()(y)), y],
    ]) {
      const model = functionalModel({ inputs: x, output: multiply()(inputs) })
      expect(costOf(model).layers.at(-1)?.receptiveField?.strides).toEqual([1, 1])
    }
  })

  it('refuses inputs that do not fit each other', () => {
    expect(errorOf(() => multiply()([images, input({ shape: [2, 3, 3] })]))).toMatchObject({
      kind: 'shape',
      expected: 'equal shapes, but for axes of length 1, which are repeated',
      received: '(None, 2, 3, 4) and (None, 2, 3, 3)',
    })
  })
})

describe('reshape', () => {
  it.each([
    [[24], [24]],
    [[-1], [24]],
    [
      [6, -1],
      [6, 4],
    ],
    [
      [2, 1, 3, 2, 2],
      [2, 1, 3, 2, 2],
    ],
  ])('to %j gives %j', (targetShape, shape) => {
    expect(reshape({ targetShape })(images).shape).toEqual(shape)
  })

  it.each([[[5, -1]], [[25]], [[48, -1]]])('refuses %j, which has not as many elements', (targetShape) => {
    expect(errorOf(() => reshape({ targetShape })(images))).toMatchObject({
      kind: 'shape',
      expected: 'a shape of 24 elements, as (None, 2, 3, 4) has',
      received: `[${targetShape.join(', ')}]`,
    })
  })

  it.each([[[]], [[-1, -1]], [[0]], [[-2, 12]], [[1.5]]])('refuses %j, which is no shape', (targetShape) => {
    expect(errorOf(() => reshape({ targetShape }))).toMatchObject({ kind: 'option' })
  })
})

describe('permute', () => {
  it('refuses what names an axis twice, or not every axis', () => {
    expect(permute({ dims: [3, 1, 2] })(images).shape).toEqual([4, 2, 3])
    expect(errorOf(() => permute({ dims: [1, 1, 2] }))).toMatchObject({ kind: 'option', received: '[1,1,2]' })
    expect(errorOf(() => permute({ dims: [0, 1, 2] }))).toMatchObject({ kind: 'option' })
    expect(errorOf(() => permute({ dims: [2, 1] })(images))).toMatchObject({ kind: 'shape', received: '[2, 1]' })
  })
})

describe('channelShuffle', () => {
  it('deals channels out, keeps places, and refuses groups that do not divide them', () => {
    const x = input({ shape: [6] })
    const model = functionalModel({ inputs: x, output: channelShuffle({ groups: 3 })(x) })
    expect(forward(model, 1, [0, 1, 2, 3, 4, 5])).toEqual([0, 2, 4, 1, 3, 5])
    expect(errorOf(() => channelShuffle({ groups: 3 })(images))).toMatchObject({ kind: 'option', received: '3' })
    const shuffled = channelShuffle({ groups: 2 })(conv2d({ filters: 2, kernelSize: 2 })(images))
    const { layers } = costOf(functionalModel({ inputs: images, output: shuffled }))
    expect(layers.at(-1)?.receptiveField).toEqual({ size: [2, 2], strides: [1, 1] })
  })
})

describe('layerNormalization', () => {
  it('has weights of the axes along which it normalizes', () => {
    const shapesOf = (layer: ReturnType<typeof layerNormalization>) =>
      Object.entries(layer(images).application.owner.weights).map(([key, { shape }]) => [key, shape])
    expect(shapesOf(layerNormalization())).toEqual([
      ['gamma', [4]],
      ['beta', [4]],
    ])
    expect(shapesOf(layerNormalization({ axis: [3, 1], center: false }))).toEqual([['gamma', [2, 4]]])
    expect(shapesOf(layerNormalization({ axis: [-1, 3], scale: false }))).toEqual([['beta', [4]]])
  })

  it('refuses the batch axis, and one that is not there', () => {
    expect(errorOf(() => layerNormalization({ axis: 0 })(images))).toMatchObject({
      kind: 'option',
      expected: '1 to 3, or −1 to −3: the batch axis, 0, cannot be normalized',
    })
    expect(
      errorOf(() => layerNormalization({ axis: [1, 2] })(dense({ units: 1 })(input({ shape: [2] })))),
    ).toMatchObject({ received: 'axis 2 for inputs of shape (None, 1)' })
    expect(errorOf(() => layerNormalization({ axis: [1, 1] }))).toMatchObject({ kind: 'option', received: '[1,1]' })
  })
})
