import { describe, expect, it } from 'vitest'
import { functionalModel } from '../model/index.js'
import { forward } from '../testing/run-program.js'
import { input, maxPool2d } from './index.js'

const on = (shape: readonly number[], options: Parameters<typeof maxPool2d>[0]) => {
  const images = input({ shape })
  return functionalModel({ inputs: images, output: maxPool2d(options)(images) })
}

describe('maxPool2d', () => {
  it.each([
    { input: [55, 55, 96], options: { poolSize: 3, strides: 2 }, output: [27, 27, 96] },
    { input: [13, 13, 256], options: { poolSize: 3, strides: 2 }, output: [6, 6, 256] },
    { input: [7, 7, 1], options: {}, output: [3, 3, 1] },
    { input: [7, 9, 2], options: { poolSize: [3, 2] }, output: [2, 4, 2] },
    { input: [7, 8, 1], options: { padding: 'same' }, output: [4, 4, 1] },
    { input: [7, 8, 1], options: { poolSize: 3, strides: [1, 3], padding: 'same' }, output: [7, 3, 1] },
  ] as const)('makes $output of $input with $options', ({ input: shape, options, output }) => {
    expect(on(shape, options).output.shape).toEqual(output)
  })

  it('has no weights and multiplies nothing', () => {
    const model = on([4, 4, 1], {})
    expect(model.weights).toEqual([])
    expect(model.layers.at(-1)?.layer.multiplyAdds([[4, 4, 1]], [2, 2, 1])).toBe(0)
  })

  it('takes the largest of each window, and never a padded cell', () => {
    const image = [-9, -8, -7, -6, -5, -4, -3, -2, -1]
    expect(forward(on([3, 3, 1], { poolSize: 2, strides: 1 }), 1, image)).toEqual([-5, -4, -2, -1])
    expect(forward(on([3, 3, 1], { padding: 'same' }), 1, image)).toEqual([-5, -4, -2, -1])
    expect(forward(on([3, 3, 1], { poolSize: 3, padding: 'same', strides: 1 }), 1, image)).toEqual([
      -5, -4, -4, -2, -1, -1, -2, -1, -1,
    ])
  })

  it('refuses a window that has no place, and what is not an image', () => {
    expect(() => on([2, 5, 1], { poolSize: 3 })).toThrow(/window of layer max_pooling2d[\s\S]*at least 3×3[\s\S]*2×5/)
    expect(() => on([5], {})).toThrow(/The layer max_pooling2d takes images/)
  })
})
