import { describe, expect, it } from 'vitest'
import { functionalModel } from '../model/index.js'
import { forward } from '../testing/run-program.js'
import { activation, dense, flatten, input } from './index.js'

const on = (shape: readonly number[], options: Parameters<typeof dense>[0]) => {
  const images = input({ shape })
  return functionalModel({ inputs: images, output: dense(options)(images) })
}

describe('dense', () => {
  it('has a kernel [features, units] and a bias, and costs their product', () => {
    const model = on([9216], { units: 4096 })
    expect(model.output.shape).toEqual([4096])
    expect(model.weights.map(({ name, shape }) => ({ name, shape }))).toEqual([
      { name: 'dense/kernel', shape: [9216, 4096] },
      { name: 'dense/bias', shape: [4096] },
    ])
    expect(model.layers.at(-1)).toMatchObject({ parameters: 37_752_832 })
    expect(model.layers.at(-1)?.layer.multiplyAdds([[9216]], [4096])).toBe(37_748_736)
    expect(on([3], { units: 2, useBias: false }).weights.map(({ key }) => key)).toEqual(['kernel'])
  })

  it('is x·kernel + bias, then the activation', () => {
    const state = new Map([
      ['dense/kernel', [1, 2, 3, 4, 5, 6]],
      ['dense/bias', [10, 20, -100]],
    ])
    expect(forward(on([2], { units: 3 }), 2, [1, 10, 0, 1], { state })).toEqual([51, 72, -37, 14, 25, -94])
    expect(forward(on([2], { units: 3, activation: 'relu' }), 1, [1, 10], { state })).toEqual([51, 72, 0])
  })

  it('refuses an image and says what goes before it', () => {
    expect(() => on([6, 6, 256], { units: 10 })).toThrow(
      /one row of features[\s\S]*\(features,\)[\s\S]*\(6, 6, 256\)[\s\S]*flatten\(\)/,
    )
  })
})

describe('flatten', () => {
  it('lays an image out row by row, channels last', () => {
    const images = input({ shape: [2, 2, 3] })
    const model = functionalModel({ inputs: images, output: flatten()(images) })
    expect(model.output.shape).toEqual([12])
    const numbers = Array.from({ length: 24 }, (_, index) => index)
    expect(forward(model, 2, numbers)).toEqual(numbers)
  })

  it('takes a name', () => {
    expect(flatten({ name: 'rows' })(input({ shape: [2, 2] })).application.owner.name).toBe('rows')
  })
})

describe('activation', () => {
  it.each([
    { function: 'linear', values: [-1, 0, 2] },
    { function: 'relu', values: [0, 0, 2] },
    { function: 'sigmoid', values: [1 / (1 + Math.E), 0.5, 1 / (1 + Math.exp(-2))] },
    { function: 'tanh', values: [Math.tanh(-1), 0, Math.tanh(2)] },
    {
      function: 'softmax',
      values: [Math.exp(-1), 1, Math.exp(2)].map((x) => x / (Math.exp(-1) + 1 + Math.exp(2))),
    },
  ] as const)('computes $function', ({ function: name, values }) => {
    const images = input({ shape: [3] })
    const result = forward(
      functionalModel({ inputs: images, output: activation({ function: name })(images) }),
      1,
      [-1, 0, 2],
    )
    for (const [index, value] of values.entries()) expect(result[index]).toBeCloseTo(value, 14)
  })

  it('refuses a function that it does not know and lists those it does', () => {
    const attempt = () => activation({ function: JSON.parse('"maxout"') })
    expect(attempt).toThrow(
      /"function" of layer activation[\s\S]*"linear", "elu", "gelu", [\s\S]*"swish", "tanh", a name that registerActivation[\s\S]*"maxout"/,
    )
  })
})
