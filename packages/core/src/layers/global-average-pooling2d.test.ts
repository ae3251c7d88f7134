import { describe, expect, it } from 'vitest'
import { functionalModel } from '../model/index.js'
import { renderKeras, summarize } from '../summary/index.js'
import { errorOf } from '../testing/error-of.js'
import { forward } from '../testing/run-program.js'
import { globalAveragePooling2d, input } from './index.js'

const on = (shape: readonly number[]) => {
  const images = input({ shape })
  return functionalModel({ inputs: images, output: globalAveragePooling2d()(images) })
}

describe('globalAveragePooling2d', () => {
  it('is the mean of each channel of each sample', () => {
    expect(on([6, 6, 256]).output.shape).toEqual([256])
    // Two samples of 1×3 with two channels.
    expect(forward(on([1, 3, 2]), 2, [1, 10, 2, 20, 6, 60, -1, 0, -1, 0, -1, 3])).toEqual([3, 30, -1, 1])
  })

  it('has no weights, and the rows of Keras in a summary', () => {
    expect(on([6, 6, 256]).weights).toEqual([])
    expect(renderKeras(summarize(on([6, 6, 256])))).toContain(
      [
        ' global_average_pooling2d (G  (None, 256)              0         ',
        ' lobalAveragePooling2D)                                          ',
      ].join('\n'),
    )
  })

  it('refuses what is not an image', () => {
    expect(errorOf(() => on([9216]))).toMatchObject({ kind: 'shape', received: '(9216,)' })
  })
})
