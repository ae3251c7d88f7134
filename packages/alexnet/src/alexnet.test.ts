import { readFileSync } from 'node:fs'
import { createModel, renderKeras, sharedRegistry, summarize } from '@convzoo/core'
import { describe, expect, it } from 'vitest'
import { alexnet } from './alexnet.js'

describe('alexnet', () => {
  it('is, byte for byte, the network that Keras summarises', () => {
    const wanted = readFileSync(new URL('./fixtures/summary.txt', import.meta.url), 'utf8')
    expect(renderKeras(summarize(createModel(alexnet)))).toBe(wanted)
  })

  it('has 15 layers and the 16 weights of 8 of them', () => {
    const model = createModel('alexnet.notebook')
    expect(model.layers).toHaveLength(15)
    expect(model.weights.map(({ name }) => name)).toEqual(
      ['conv2d', 'conv2d_1', 'conv2d_2', 'conv2d_3', 'conv2d_4', 'dense', 'dense_1', 'dense_2'].flatMap((layer) => [
        `${layer}/kernel`,
        `${layer}/bias`,
      ]),
    )
  })

  it('starts the biases of its third convolution, and no others, at one', () => {
    const { weights } = createModel(alexnet)
    expect(weights.filter(({ initializer }) => initializer.type === 'ones').map(({ name }) => name)).toEqual([
      'conv2d_2/bias',
    ])
  })

  it('is linear but for four convolutions and the softmax', () => {
    const { layers } = createModel(alexnet)
    const active = layers.flatMap(({ name, layer }) => {
      const { activation } = layer.options
      return typeof activation === 'string' && activation !== 'linear' ? [`${name} ${activation}`] : []
    })
    expect(active).toEqual(['conv2d_1 relu', 'conv2d_2 relu', 'conv2d_3 relu', 'conv2d_4 relu', 'dense_2 softmax'])
  })

  it('registers itself when it is imported', () => {
    expect(sharedRegistry().resolve('alexnet').tagName).toBe('notebook')
  })

  it('takes inputs from 67×67 on', () => {
    expect(createModel(alexnet, { input: [67, 67, 1], classes: 10 }).output.shape).toEqual([10])
    expect(() => createModel(alexnet, { input: [66, 66, 1], classes: 10 })).toThrow(/max_pooling2d_2[\s\S]*67×67/)
  })
})
