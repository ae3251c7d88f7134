import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { findMnist } from './find-mnist.js'
import { mnist } from './mnist.js'

// MD5 sums of the decompressed originals.
const published = {
  'train-images-idx3-ubyte': '6bbc9ace898e44ae57da46a324031adb',
  'train-labels-idx1-ubyte': 'a25bea736e30d166cdddb491f175f624',
  't10k-images-idx3-ubyte': '2646ac647ad5339dbf082846283269ea',
  't10k-labels-idx1-ubyte': '27ae3e4e09519cfbb04c329615203637',
}

describe('mnist', () => {
  it.each(Object.entries(published))('finds the original %s', (name, sum) => {
    expect(
      createHash('md5')
        .update(readFileSync(join(findMnist(), name)))
        .digest('hex'),
    ).toBe(sum)
  })

  it('has 60,000 and 10,000 digits, and the first of them are 5, 0, 4, 1, 9 and 7, 2, 1, 0, 4', async () => {
    const labels = async (split: 'train' | 'test') => {
      const dataset = await mnist({ split, imageShape: [28, 28, 1] })
      const { targets } = await dataset.batch([0, 1, 2, 3, 4])
      return [dataset.length, ...[0, 1, 2, 3, 4].map((row) => targets.subarray(row * 10, row * 10 + 10).indexOf(1))]
    }
    expect(await labels('train')).toEqual([60_000, 5, 0, 4, 1, 9])
    expect(await labels('test')).toEqual([10_000, 7, 2, 1, 0, 4])
  })

  it('is normalised: mean 0 and deviation 1 over the training images', async () => {
    const dataset = await mnist({ split: 'train', imageShape: [28, 28, 1], limit: 2000 })
    const { images } = await dataset.batch(Array.from({ length: 2000 }, (_, index) => index))
    const mean = images.reduce((sum, x) => sum + x, 0) / images.length
    const deviation = Math.sqrt(images.reduce((sum, x) => sum + (x - mean) ** 2, 0) / images.length)
    expect(mean).toBeCloseTo(0, 1)
    expect(deviation).toBeCloseTo(1, 1)
  })
})
