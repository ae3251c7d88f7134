import { arrayDataset } from '@convzoo/data'
import { describe, expect, it } from 'vitest'
import { type DigitsFile, digitsOf, preprocessing } from './digits.js'

const file: DigitsFile = {
  name: 'drawn',
  classes: ['even', 'odd'],
  shape: [28, 28, 1],
  train: { labels: [0, 1, 0], fingerprint: 'of three' },
  test: { labels: [1], fingerprint: 'of one' },
}
const pixels = Uint8Array.from({ length: 4 * 28 * 28 }, (_, index) => (index * 7919) % 256)

describe('digits in a browser', () => {
  it.each([
    ['train', 0, [2, 0]],
    ['test', 3, [0]],
  ] as const)('to %s are, bit for bit, what convzoo gives a network in Node.js', async (split, first, indices) => {
    const size = 28 * 28
    const { labels } = file[split]
    const there = arrayDataset({
      images: pixels.subarray(first * size, (first + labels.length) * size),
      shape: file.shape,
      labels: [...labels],
      classes: file.classes,
      imageShape: [67, 67, 1],
      preprocessing,
    })
    const here = digitsOf(file, pixels, [67, 67, 1])[split]
    expect(await here.batch(indices)).toEqual(await there.batch(indices))
  })

  it('are known again by the fingerprint that they came with', async () => {
    expect(await digitsOf(file, pixels, [67, 67, 1]).train.fingerprint?.()).toBe('of three')
  })
})
