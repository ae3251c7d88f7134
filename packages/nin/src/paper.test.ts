import { createModel, type Model, summarize } from '@convzoo/core'
import { describe, expect, it } from 'vitest'
import { nin } from './nin.js'

/** Each layer behind the input: what it is, its output, and its parameters. */
const tableOf = (model: Model): readonly unknown[] =>
  summarize(model)
    .layers.slice(1)
    .map(({ keras, outputShape, parameters }) => [keras, outputShape.join('×'), parameters])

const deviationsOf = ({ weights }: Model): readonly unknown[] =>
  weights.flatMap(({ key, initializer }) => {
    if (key !== 'kernel') return []
    return [initializer.type === 'randomNormal' ? initializer.standardDeviation : initializer.type]
  })

describe('nin.imagenet', () => {
  const model = createModel('nin.imagenet')

  // nin_imagenet of Caffe's model zoo: https://gist.github.com/mavenlin/d802a5849de39225bcc6. (224 − 11) / 4 + 1 = 54.25, and pools round up.
  it("has the layers of Caffe's model zoo, each with its output and its parameters", () => {
    expect(tableOf(model)).toEqual([
      ['Conv2D', '54×54×96', 34_944],
      ['Conv2D', '54×54×96', 9_312],
      ['Conv2D', '54×54×96', 9_312],
      ['MaxPooling2D', '27×27×96', 0],
      ['Conv2D', '27×27×256', 614_656],
      ['Conv2D', '27×27×256', 65_792],
      ['Conv2D', '27×27×256', 65_792],
      ['MaxPooling2D', '13×13×256', 0],
      ['Conv2D', '13×13×384', 885_120],
      ['Conv2D', '13×13×384', 147_840],
      ['Conv2D', '13×13×384', 147_840],
      ['MaxPooling2D', '6×6×384', 0],
      ['Dropout', '6×6×384', 0],
      ['Conv2D', '6×6×1024', 3_539_968],
      ['Conv2D', '6×6×1024', 1_049_600],
      ['Conv2D', '6×6×1000', 1_025_000],
      ['GlobalAveragePooling2D', '1000', 0],
      ['Activation', '1000', 0],
    ])
    expect(summarize(model).totals.parameters).toBe(7_595_176)
  })

  it('starts as there: deviation 0.05, but 0.01 in the first, the seventh and the last convolution, and biases of 0', () => {
    expect(deviationsOf(model)).toEqual([0.01, 0.05, 0.05, 0.05, 0.05, 0.05, 0.01, 0.05, 0.05, 0.05, 0.05, 0.01])
    expect(model.weights.filter(({ key, initializer }) => key === 'bias' && initializer.type !== 'zeros')).toEqual([])
  })

  it('keeps pixels in the range of bytes, for which those weights are', () => {
    const { standardDeviation } = nin.tags.imagenet.preprocessing
    expect(standardDeviation).toEqual([1 / 255])
  })
})

describe('nin.cifar10', () => {
  const model = createModel('nin.cifar10')

  // NIN/cifar-10_def of https://github.com/mavenlin/cuda-convnet.
  it("has the layers of the authors' definition, each with its output and its parameters", () => {
    expect(tableOf(model)).toEqual([
      ['Conv2D', '32×32×192', 14_592],
      ['Conv2D', '32×32×160', 30_880],
      ['Conv2D', '32×32×96', 15_456],
      ['MaxPooling2D', '16×16×96', 0],
      ['Dropout', '16×16×96', 0],
      ['Conv2D', '16×16×192', 460_992],
      ['Conv2D', '16×16×192', 37_056],
      ['Conv2D', '16×16×192', 37_056],
      ['MaxPooling2D', '8×8×192', 0],
      ['Dropout', '8×8×192', 0],
      ['Conv2D', '8×8×192', 331_968],
      ['Conv2D', '8×8×192', 37_056],
      ['Conv2D', '8×8×10', 1_930],
      ['GlobalAveragePooling2D', '10', 0],
      ['Activation', '10', 0],
    ])
    expect(summarize(model).totals.parameters).toBe(966_986)
  })

  it('has a ReLU after every convolution, that of the maps of the classes, too', () => {
    const convolutions = model.layers.filter(({ layer }) => layer.type === 'conv2d')
    expect(convolutions.map(({ layer }) => Reflect.get(layer.options, 'activation'))).toEqual(Array(9).fill('relu'))
  })

  it('starts with deviation 0.05 everywhere, and biases of 0', () => {
    expect(deviationsOf(model)).toEqual(Array(9).fill(0.05))
    expect(model.weights.filter(({ key, initializer }) => key === 'bias' && initializer.type !== 'zeros')).toEqual([])
  })

  it('takes as many classes as are asked for', () => {
    expect(createModel(nin, { tag: 'cifar10', classes: 100 }).output.shape).toEqual([100])
  })
})
