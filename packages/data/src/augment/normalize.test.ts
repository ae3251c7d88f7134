import { describe, expect, it } from 'vitest'
import { normalizationOf } from './normalize.js'

describe('the mean and the deviation', () => {
  it.each([
    ['mean', '{"resize":"bilinear","standardDeviation":[1]}'],
    ['mean', '{"resize":"bilinear","mean":0,"standardDeviation":[1]}'],
    ['standardDeviation', '{"resize":"bilinear","mean":[0]}'],
    ['standardDeviation', '{"resize":"bilinear","mean":[0],"standardDeviation":[0]}'],
  ])('are errors that name %s where they are no numbers to use: %s', (option, preprocessing) => {
    const made = () => normalizationOf(JSON.parse(preprocessing), [2, 2, 3], 255)
    expect(made).toThrow(expect.objectContaining({ kind: 'option', message: expect.stringContaining(option) }))
  })
})
