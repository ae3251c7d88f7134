import { describe, expect, it } from 'vitest'
import { functionalModel, type Model, type SymbolicTensor } from '../model/index.js'
import { randomNumbers } from '../testing/evaluate.js'
import { forward } from '../testing/run-program.js'
import { conv2d, input } from './index.js'

const on = (shape: readonly number[], apply: (x: SymbolicTensor) => SymbolicTensor): Model => {
  const images = input({ shape })
  return functionalModel({ inputs: images, output: apply(images) })
}

describe('conv2d', () => {
  it.each([
    { input: [227, 227, 3], options: { filters: 96, kernelSize: 11, strides: 4 }, output: [55, 55, 96] },
    { input: [227, 227, 3], options: { filters: 96, kernelSize: 7, strides: 2 }, output: [111, 111, 96] },
    { input: [27, 27, 96], options: { filters: 256, kernelSize: 5, padding: 'same' }, output: [27, 27, 256] },
    { input: [7, 9, 1], options: { filters: 2, kernelSize: [3, 5], strides: [2, 1] }, output: [3, 5, 2] },
    { input: [7, 8, 1], options: { filters: 2, kernelSize: 3, strides: 2, padding: 'same' }, output: [4, 4, 2] },
    { input: [7, 7, 1], options: { filters: 1, kernelSize: 3, dilations: 3 }, output: [1, 1, 1] },
    { input: [4, 5, 2], options: { filters: 3, kernelSize: [4, 5] }, output: [1, 1, 3] },
  ] as const)('makes $output of $input with $options', ({ input: shape, options, output }) => {
    expect(on(shape, conv2d(options)).output.shape).toEqual(output)
  })

  it('has a kernel [kh, kw, Cin / groups, Cout] and a bias, initialized as told', () => {
    expect(on([9, 9, 4], conv2d({ filters: 6, kernelSize: [2, 3], groups: 2 })).weights).toEqual([
      {
        name: 'conv2d/kernel',
        key: 'kernel',
        shape: [2, 3, 2, 6],
        initializer: { type: 'glorotUniform' },
        trainable: true,
      },
      { name: 'conv2d/bias', key: 'bias', shape: [6], initializer: { type: 'zeros' }, trainable: true },
    ])
    const other = conv2d({ filters: 1, kernelSize: 1, biasInitializer: 'ones', kernelInitializer: { type: 'zeros' } })
    expect(on([2, 2, 1], other).weights.map(({ initializer }) => initializer.type)).toEqual(['zeros', 'ones'])
    expect(on([2, 2, 1], conv2d({ filters: 1, kernelSize: 1, useBias: false })).weights.map(({ key }) => key)).toEqual([
      'kernel',
    ])
  })

  // The well-known counts of AlexNet's first and (grouped) second convolution.
  it.each([
    { input: [227, 227, 3], options: { filters: 96, kernelSize: 11, strides: 4 }, multiplyAdds: 105_415_200 },
    {
      input: [27, 27, 96],
      options: { filters: 256, kernelSize: 5, padding: 'same', groups: 2 },
      multiplyAdds: 223_948_800,
    },
  ] as const)('costs $multiplyAdds multiply-adds on $input', ({ input: shape, options, multiplyAdds }) => {
    const layer = on(shape, conv2d(options)).layers.at(-1)
    expect(layer?.layer.multiplyAdds([shape], layer.outputShape)).toBe(multiplyAdds)
  })

  it('pads the odd cell after the image', () => {
    // A kernel of two taps that keeps the first: with the odd cell after, every pixel stays where it is.
    const model = on([1, 3, 1], conv2d({ filters: 1, kernelSize: [1, 2], padding: 'same' }))
    const kernels = (first: number, second: number) =>
      new Map([
        ['conv2d/kernel', [first, second]],
        ['conv2d/bias', [0]],
      ])
    expect(forward(model, 1, [4, 5, 6], { state: kernels(1, 0) })).toEqual([4, 5, 6])
    expect(forward(model, 1, [4, 5, 6], { state: kernels(0, 1) })).toEqual([5, 6, 0])
  })

  it('adds its bias and then its activation', () => {
    const model = on([1, 2, 1], conv2d({ filters: 2, kernelSize: 1, activation: 'relu' }))
    const state = new Map([
      ['conv2d/kernel', [1, -1]],
      ['conv2d/bias', [0.5, 2]],
    ])
    expect(forward(model, 1, [3, -1], { state })).toEqual([3.5, 0, 0, 3])
  })

  it('with two groups equals two convolutions of the halves', () => {
    const options = { kernelSize: 3, strides: [1, 2], padding: 'same' } as const
    const grouped = on([4, 5, 4], conv2d({ ...options, filters: 6, groups: 2 }))
    const half = on([4, 5, 2], conv2d({ ...options, filters: 3 }))
    const images = randomNumbers('images', 2 * 4 * 5 * 4)
    const kernel = randomNumbers('kernel', 3 * 3 * 2 * 6)
    const bias = randomNumbers('bias', 6)
    const whole = forward(grouped, 2, images, {
      state: new Map([
        ['conv2d/kernel', kernel],
        ['conv2d/bias', bias],
      ]),
    })
    // Every row of channels falls into the first and the second half.
    const part = (numbers: ArrayLike<number>, channels: number, which: number) =>
      Array.from(numbers).filter((_, index) => Math.floor((index % channels) / (channels / 2)) === which)
    const halves = [0, 1].map((which) =>
      forward(half, 2, part(images, 4, which), {
        state: new Map([
          ['conv2d/kernel', part(kernel, 6, which)],
          ['conv2d/bias', part(bias, 6, which)],
        ]),
      }),
    )
    expect(part(whole, 6, 0)).toEqual(halves[0])
    expect(part(whole, 6, 1)).toEqual(halves[1])
    expect(halves[0]).toHaveLength(2 * 4 * 3 * 3)
  })

  it('says by how much a kernel is too large', () => {
    expect(() => on([4, 9, 1], conv2d({ filters: 1, kernelSize: [5, 3] }))).toThrow(
      /kernel of layer conv2d is larger than its input[\s\S]*at least 5×3[\s\S]*4×9/,
    )
  })

  it('counts the reach of a dilated kernel', () => {
    expect(() => on([6, 6, 1], conv2d({ filters: 1, kernelSize: 3, dilations: 3 }))).toThrow(/at least 7×7/)
  })

  it('refuses groups that do not divide its channels or its filters', () => {
    const expected =
      /"groups" of layer conv2d does not divide[\s\S]*3 input channels and of 4 filters[\s\S]*received: 2/
    expect(() => on([4, 4, 3], conv2d({ filters: 4, kernelSize: 1, groups: 2 }))).toThrow(expected)
    expect(() => on([4, 4, 4], conv2d({ filters: 3, kernelSize: 1, groups: 2 }))).toThrow(/a divisor of 4 .* 3 filters/)
  })

  it('refuses what is not an image', () => {
    expect(() => on([9], conv2d({ filters: 1, kernelSize: 1 }))).toThrow(
      /The layer conv2d takes images[\s\S]*received: \(9,\)/,
    )
  })
})
