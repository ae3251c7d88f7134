import { readFileSync } from 'node:fs'
import {
  categoricalCrossentropy,
  createModel,
  createNameScope,
  renderKeras,
  sgdw,
  sharedRegistry,
  summarize,
} from '@convzoo/core'
import { createProgram } from '@convzoo/core/engine'
import { describe, expect, it } from 'vitest'
import { nin } from './nin.js'

describe('nin', () => {
  it('is, byte for byte, the network that Keras summarises where the notebook had built three before', () => {
    const scope = createNameScope({ Conv2D: 20, MaxPooling2D: 10, Model: 2 })
    const wanted = readFileSync(new URL('./fixtures/summary.txt', import.meta.url), 'utf8')
    expect(renderKeras(summarize(createModel(nin, { scope })))).toBe(wanted)
  })

  it('ends in 256 features unless classes are asked for', () => {
    const model = createModel('nin.notebook')
    expect([model.classes, model.output.shape]).toEqual([0, [256]])
    expect(model.layers.map(({ layer }) => layer.keras).at(-1)).toBe('GlobalAveragePooling2D')
  })

  it('with classes has a map for each before the mean, and a softmax behind it', () => {
    const model = createModel(nin, { classes: 10 })
    expect(model.layers.slice(-4).map(({ name, outputShape }) => [name, ...outputShape])).toEqual([
      ['max_pooling2d_2', 6, 6, 256],
      ['conv2d_5', 6, 6, 10],
      ['global_average_pooling2d', 10],
      ['activation', 10],
    ])
    // 3,747,200 as Keras counts, and 256·10 + 10.
    expect(summarize(model).totals.parameters).toBe(3_749_770)
  })

  it('cannot be trained on features, and says what to pass', () => {
    const program = (classes: number) =>
      createProgram({
        model: createModel(nin, { input: [67, 67, 1], classes }),
        loss: categoricalCrossentropy(),
        optimizer: sgdw({ weightDecay: 0 }),
        batchSizes: { train: [1] },
      })
    expect(() => program(0)).toThrow(/256 features, not in classes[\s\S]*pass classes/)
    expect(Object.keys(program(10).functions)).toEqual(['train/1'])
  })

  it('starts the biases of its third convolution, and no others, at one', () => {
    const { weights } = createModel(nin)
    expect(weights).toHaveLength(10)
    expect(weights.filter(({ initializer }) => initializer.type === 'ones').map(({ name }) => name)).toEqual([
      'conv2d_2/bias',
    ])
  })

  it('registers itself when it is imported', () => {
    expect(sharedRegistry().resolve('nin').tagName).toBe('notebook')
  })

  it('takes inputs from 67×67 on', () => {
    expect(createModel(nin, { input: [67, 67, 1] }).output.shape).toEqual([256])
    expect(() => createModel(nin, { input: [66, 66, 1] })).toThrow(/max_pooling2d_2[\s\S]*67×67/)
  })
})
