import { describe, expect, it } from 'vitest'
import { functionalModel } from '../model/index.js'
import { renderKeras, summarize } from '../summary/index.js'
import { forward } from '../testing/run-program.js'
import { averagePool2d, input } from './index.js'

const on = (shape: readonly number[], options: Parameters<typeof averagePool2d>[0]) => {
  const images = input({ shape })
  return functionalModel({ inputs: images, output: averagePool2d(options)(images) })
}

describe('averagePool2d', () => {
  it('is the mean of the cells that a window has: padding is not counted', () => {
    const image = [1, 2, 3, 4, 5, 6, 7, 8, 9]
    expect(forward(on([3, 3, 1], { strides: 1 }), 1, image)).toEqual([3, 4, 6, 7])
    expect(forward(on([3, 3, 1], { padding: 'same' }), 1, image)).toEqual([3, 4.5, 7.5, 9])
  })

  it('has the shapes, the window and the row of Keras', () => {
    const model = on([8, 8, 4], { poolSize: 3, strides: 2 })
    expect(model.output.shape).toEqual([3, 3, 4])
    expect(renderKeras(summarize(model))).toContain(' average_pooling2d (AverageP')
    expect(model.layers.at(-1)?.layer.window([[8, 8, 4]])).toMatchObject({ size: [3, 3], strides: [2, 2] })
  })

  it('refuses a window that has no place', () => {
    expect(() => on([2, 5, 1], { poolSize: 3 })).toThrow(
      /window of layer average_pooling2d[\s\S]*at least 3×3[\s\S]*2×5/,
    )
  })
})
