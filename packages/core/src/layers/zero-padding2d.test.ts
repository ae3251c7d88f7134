import { describe, expect, it } from 'vitest'
import { functionalModel } from '../model/index.js'
import { errorOf } from '../testing/error-of.js'
import { forward } from '../testing/run-program.js'
import { input, zeroPadding2d } from './index.js'

const on = (shape: readonly number[], options?: Parameters<typeof zeroPadding2d>[0]) => {
  const images = input({ shape })
  return functionalModel({ inputs: images, output: zeroPadding2d(options)(images) })
}

describe('zeroPadding2d', () => {
  it('lays zeros around an image', () => {
    expect(forward(on([1, 1, 1]), 1, [7])).toEqual([0, 0, 0, 0, 7, 0, 0, 0, 0])
    const model = on([1, 2, 1], {
      padding: [
        [0, 1],
        [2, 0],
      ],
    })
    expect(model.output.shape).toEqual([2, 4, 1])
    expect(forward(model, 1, [7, 8])).toEqual([0, 0, 7, 8, 0, 0, 0, 0])
  })

  it('takes one number, one for rows and one for columns, or all four, as a window of one cell', () => {
    expect(on([4, 5, 3], { padding: 2 }).output.shape).toEqual([8, 9, 3])
    const model = on([4, 5, 3], { padding: [0, 3] })
    expect(model.output.shape).toEqual([4, 11, 3])
    expect(model.layers.at(-1)?.layer.window([[4, 5, 3]])).toEqual({
      size: [1, 1],
      strides: [1, 1],
      padding: { top: 0, bottom: 0, left: 3, right: 3 },
    })
  })

  it.each(['-1', '[1]', '[[1,2],3]', '[[1,2],[3,-4]]', '"same"', '[1.5,1]'])('refuses padding %s', (json) => {
    expect(errorOf(() => zeroPadding2d({ padding: JSON.parse(json) }))).toMatchObject({
      kind: 'option',
      message: expect.stringMatching('The option "padding" of layer zeroPadding2d has a value that cannot be used.'),
      expected: expect.stringMatching(/\[\[top, bottom\], \[left, right\]\]/),
      received: json,
    })
  })
})
