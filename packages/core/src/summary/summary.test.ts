import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { activation, concatenate, conv2d, defineLayer, dense, input, maxPool2d } from '../layers/index.js'
import { createNameScope, functionalModel } from '../model/index.js'
import { defineOptions } from '../options/index.js'
import { alexnet, twoTower, zfnet } from '../testing/networks.js'
import { renderJson } from './json.js'
import { renderKeras } from './keras.js'
import { summarize } from './summary.js'

/** What `model.summary()` of Keras printed for the notebook's networks, each built after those before it. */
const printed = (name: string) => readFileSync(new URL(`./fixtures/${name}.txt`, import.meta.url), 'utf8')

describe('renderKeras', () => {
  it('prints the three networks of one session byte for byte as Keras does', () => {
    const images = input({ shape: [227, 227, 3], scope: createNameScope() })
    const print = (build: typeof alexnet) =>
      renderKeras(summarize(functionalModel({ inputs: images, output: build(images) })))
    expect(print(alexnet)).toBe(printed('alexnet'))
    expect(print(twoTower)).toBe(printed('alexnet-twotower'))
    expect(print(zfnet)).toBe(printed('zfnet'))
  })

  it('goes on in the next line where a cell is full', () => {
    const images = input({ shape: [8, 8, 1] })
    const text = renderKeras(summarize(functionalModel({ inputs: images, output: maxPool2d({})(images) })))
    expect(text.split('\n').slice(6, 9)).toEqual([
      ' max_pooling2d (MaxPooling2D  (None, 4, 4, 1)          0         ',
      ' )                                                               ',
      ' '.repeat(65),
    ])
  })

  it('shows every application of a shared layer', () => {
    const images = input({ shape: [3] })
    const shared = dense({ units: 3 })
    const summary = summarize(functionalModel({ inputs: images, output: shared(shared(images)) }))
    expect(summary.sequential).toBe(false)
    expect(summary.layers.at(-1)?.inputs).toEqual(['input_1[0][0]', 'dense[0][0]'])
    expect(renderKeras(summary)).toMatch(/dense \(Dense\) .* \['input_1\[0\]\[0\]', +\n.* 'dense\[0\]\[0\]'\]/)
  })
})

describe('summarize', () => {
  it('holds a chain to be sequential, and a join not', () => {
    const images = input({ shape: [2] })
    const relu = activation({ function: 'relu' })(images)
    expect(summarize(functionalModel({ inputs: images, output: relu })).sequential).toBe(true)
    const joined = concatenate()([images, images])
    expect(summarize(functionalModel({ inputs: images, output: joined })).sequential).toBe(false)
  })

  it('counts weights that no gradient moves as non-trainable', () => {
    const centred = defineLayer({
      type: 'centred',
      keras: 'Centred',
      options: defineOptions({}),
      outputShape: ([x]) => x,
      weights: ([x]) => ({
        scale: { shape: x, initializer: { type: 'ones' }, trainable: true },
        mean: { shape: x, initializer: { type: 'zeros' }, trainable: false },
      }),
      call: ({ ops }, [x], { scale, mean }) => ops.multiply(ops.subtract(x, mean), scale),
    })
    const images = input({ shape: [1500] })
    const summary = summarize(functionalModel({ inputs: images, output: centred({})(images) }))
    expect(summary.totals).toEqual({ parameters: 3000, trainable: 1500, nonTrainable: 1500 })
    expect(renderKeras(summary)).toMatch(
      /Total params: 3,000\nTrainable params: 1,500\nNon-trainable params: 1,500\n_{65}\n$/,
    )
  })
})

describe('renderJson', () => {
  it('is the summary for programs', () => {
    const images = input({ shape: [4, 4, 1] })
    const output = maxPool2d({})(conv2d({ filters: 2, kernelSize: 3, padding: 'same' })(images))
    const json = renderJson(summarize(functionalModel({ inputs: images, output, name: 'small' })))
    expect(JSON.parse(JSON.stringify(json))).toEqual({
      name: 'small',
      layers: [
        { name: 'input_1', type: 'input', outputShape: [4, 4, 1], parameters: 0, inputs: [] },
        { name: 'conv2d', type: 'conv2d', outputShape: [4, 4, 2], parameters: 20, inputs: ['input_1[0][0]'] },
        { name: 'max_pooling2d', type: 'maxPool2d', outputShape: [2, 2, 2], parameters: 0, inputs: ['conv2d[0][0]'] },
      ],
      totals: { parameters: 20, trainable: 20, nonTrainable: 0 },
    })
  })
})
