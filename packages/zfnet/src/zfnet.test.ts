import { readFileSync } from 'node:fs'
import { createModel, createNameScope, renderKeras, sharedRegistry, summarize } from '@convzoo/core'
import { describe, expect, it } from 'vitest'
import { zfnet } from './zfnet.js'

describe('zfnet', () => {
  it('is, byte for byte, the network that Keras summarises where the notebook had built two models before', () => {
    const scope = createNameScope({ Conv2D: 15, MaxPooling2D: 7, Flatten: 3, Dense: 8, Dropout: 2, Model: 2 })
    const wanted = readFileSync(new URL('./fixtures/summary.txt', import.meta.url), 'utf8')
    expect(renderKeras(summarize(createModel(zfnet, { scope })))).toBe(wanted)
  })

  it('starts the biases of its third convolution, and no others, at one', () => {
    const { weights } = createModel('zfnet.notebook')
    expect(weights).toHaveLength(16)
    expect(weights.filter(({ initializer }) => initializer.type === 'ones').map(({ name }) => name)).toEqual([
      'conv2d_2/bias',
    ])
  })

  it('is linear but for four convolutions and the softmax', () => {
    const active = createModel(zfnet).layers.flatMap(({ name, layer }) => {
      const { activation } = layer.options
      return typeof activation === 'string' && activation !== 'linear' ? [`${name} ${activation}`] : []
    })
    expect(active).toEqual(['conv2d_1 relu', 'conv2d_2 relu', 'conv2d_3 relu', 'conv2d_4 relu', 'dense_2 softmax'])
  })

  it('registers itself when it is imported', () => {
    expect(sharedRegistry().resolve('zfnet').tagName).toBe('notebook')
  })

  it('takes inputs from 35×35 on', () => {
    expect(createModel(zfnet, { input: [35, 35, 1], classes: 10 }).output.shape).toEqual([10])
    expect(() => createModel(zfnet, { input: [34, 34, 1], classes: 10 })).toThrow(/max_pooling2d_\d[\s\S]*35×35/)
  })
})
