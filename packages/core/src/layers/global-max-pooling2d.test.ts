import { describe, expect, it } from 'vitest'
import { functionalModel } from '../model/index.js'
import { renderKeras, summarize } from '../summary/index.js'
import { errorOf } from '../testing/error-of.js'
import { forward } from '../testing/run-program.js'
import { globalMaxPooling2d, input } from './index.js'

const on = (shape: readonly number[]) => {
  const images = input({ shape })
  return functionalModel({ inputs: images, output: globalMaxPooling2d()(images) })
}

describe('globalMaxPooling2d', () => {
  it('is the largest of each channel of each sample', () => {
    expect(on([6, 6, 256]).output.shape).toEqual([256])
    expect(forward(on([1, 3, 2]), 2, [1, 10, 2, 20, 6, -60, -1, 0, -2, 0, -3, 3])).toEqual([6, 20, -1, 3])
  })

  it('has the row of Keras in a summary', () => {
    expect(renderKeras(summarize(on([6, 6, 256])))).toContain(' global_max_pooling2d (Globa ')
  })

  it('refuses what is not an image', () => {
    expect(errorOf(() => on([9216]))).toMatchObject({ kind: 'shape', received: '(9216,)' })
  })
})
