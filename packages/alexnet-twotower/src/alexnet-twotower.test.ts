import { readFileSync } from 'node:fs'
import { createModel, createNameScope, renderKeras, sharedRegistry, summarize } from '@convzoo/core'
import { describe, expect, it } from 'vitest'
import { alexnetTwoTower } from './alexnet-twotower.js'

describe('alexnetTwoTower', () => {
  it('is, byte for byte, the network that Keras summarises where the notebook had built AlexNet before', () => {
    const scope = createNameScope({ Conv2D: 5, MaxPooling2D: 3, Flatten: 1, Dense: 3, Dropout: 2, Model: 1 })
    const wanted = readFileSync(new URL('./fixtures/summary.txt', import.meta.url), 'utf8')
    expect(renderKeras(summarize(createModel(alexnetTwoTower, { scope })))).toBe(wanted)
  })

  it('has 29 layers, 35 connections and the 30 weights of 15 layers', () => {
    const { layers, weights } = createModel('alexnet-twotower.notebook')
    expect(layers).toHaveLength(29)
    expect(layers.flatMap(({ applications }) => applications.flatMap(({ inputs }) => inputs))).toHaveLength(35)
    expect(weights).toHaveLength(30)
  })

  it('is linear but for the softmax, without dropout, and starts all biases at zero', () => {
    const { layers, weights } = createModel(alexnetTwoTower)
    const activations = layers.flatMap(({ layer }) => layer.options.activation ?? [])
    expect(activations.filter((name) => name !== 'linear')).toEqual(['softmax'])
    expect(layers.filter(({ layer }) => layer.type === 'dropout')).toEqual([])
    const biases = weights.filter(({ key }) => key === 'bias')
    expect(biases.map(({ initializer }) => initializer.type)).toEqual(Array.from({ length: 15 }, () => 'zeros'))
  })

  it('joins n before m in front of the last layer', () => {
    const { output } = createModel(alexnetTwoTower)
    const [join] = output.application.inputs
    expect(join?.application.inputs.map(({ application }) => application.owner.name)).toEqual(['dense_3', 'dense_2'])
  })

  it('registers itself when it is imported', () => {
    expect(sharedRegistry().resolve('alexnet-twotower').tagName).toBe('notebook')
  })

  it('takes inputs from 35×35 on', () => {
    expect(createModel(alexnetTwoTower, { input: [35, 35, 1], classes: 10 }).output.shape).toEqual([10])
    expect(() => createModel(alexnetTwoTower, { input: [34, 34, 1], classes: 10 })).toThrow(
      /max_pooling2d_\d[\s\S]*35×35/,
    )
  })
})

describe.each(['paper2012', 'caffe'])('alexnet-twotower.%s', (tag) => {
  it('takes inputs from 67×67 on', () => {
    expect(createModel(alexnetTwoTower, { tag, input: [67, 67, 1], classes: 10 }).output.shape).toEqual([10])
    expect(() => createModel(alexnetTwoTower, { tag, input: [66, 66, 1], classes: 10 })).toThrow(/67×67/)
  })
})
