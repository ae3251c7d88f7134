import { readFileSync } from 'node:fs'
import { createModel, preprocessingFor } from '@convzoo/core'
import { describe, expect, it } from 'vitest'
import { alexnet } from './alexnet.js'

/** What torchvision says of its own network: fixtures/write_torchvision.py. */
const truth: {
  readonly layers: readonly (readonly [string, string, readonly number[]])[]
  readonly weights: readonly (readonly [string, readonly number[]])[]
  readonly parameters: number
} = JSON.parse(readFileSync(new URL('./fixtures/torchvision.json', import.meta.url), 'utf8'))

const model = createModel('alexnet.torchvision')

/** Layers of ours by torchvision's names for them; its activations are options of ours, and its padding is a layer of its own here. */
const kinds: Readonly<Record<string, string>> = {
  conv2d: 'Conv2d',
  maxPool2d: 'MaxPool2d',
  dropout: 'Dropout',
  dense: 'Linear',
}

const channelsLast = ([channels = 0, ...image]: readonly number[]): readonly number[] => [...image, channels]

describe('alexnet.torchvision', () => {
  it('has the layers of torchvision, in its order, each with its output', () => {
    const ours = model.layers.flatMap(({ layer, outputShape }) => {
      const { [layer.type]: kind } = kinds
      return kind === undefined ? [] : [[kind, outputShape]]
    })
    const theirs = truth.layers
      .filter(([, kind]) => Object.values(kinds).includes(kind))
      .map(([, kind, shape]) => [kind, shape.length === 3 ? channelsLast(shape) : shape])
    expect(ours).toEqual(theirs)
  })

  it('has a ReLU wherever torchvision has one, and pools nothing where torchvision pools to what is there', () => {
    const active = model.layers.filter(({ layer }) => Reflect.get(layer.options, 'activation') === 'relu')
    expect(active).toHaveLength(truth.layers.filter(([, kind]) => kind === 'ReLU').length)
    const at = truth.layers.findIndex(([, kind]) => kind === 'AdaptiveAvgPool2d')
    expect(truth.layers[at]?.[2]).toEqual(truth.layers[at - 1]?.[2])
  })

  it('has its parameters', () => {
    const count = model.weights.reduce((sum, { shape }) => sum + shape.reduce((size, length) => size * length, 1), 0)
    expect([count, truth.parameters]).toEqual([61_100_840, 61_100_840])
  })

  it('says of each weight under which name and in which layout torchvision keeps it', () => {
    const { tensors } = alexnet.tags.torchvision.peerWeights
    expect(Object.keys(tensors)).toEqual(model.weights.map(({ name }) => name))
    expect(Object.values(tensors).map(({ name }) => name)).toEqual(truth.weights.map(([name]) => name))
    const shapes = new Map(truth.weights)
    for (const { name, shape } of model.weights) {
      const { [name]: tensor } = tensors
      const [first = 0, ...others] = shapes.get(tensor?.name ?? '') ?? []
      const seen = [first, ...(tensor?.flattened ?? others)]
      const moved = (tensor?.axes ?? seen.map((_, axis) => axis)).map((axis) => seen[axis] ?? 0)
      const flat = moved.length === shape.length ? moved : [moved.slice(0, -1).reduce((a, b) => a * b, 1), moved.at(-1)]
      expect(flat, name).toEqual(shape)
    }
  })

  it('sees the centre of 224×224 of a picture whose shorter side is 256', () => {
    expect(preprocessingFor(alexnet.tags.torchvision, [224, 224, 3])).toMatchObject({
      shorterSide: 256,
      exactPixels: true,
      mean: [0.485, 0.456, 0.406],
      standardDeviation: [0.229, 0.224, 0.225],
    })
  })
})
