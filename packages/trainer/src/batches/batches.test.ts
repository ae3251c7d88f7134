import { describe, expect, it } from 'vitest'
import { dataset, trainer } from '../testing/brighter.js'

const wrong = [
  ['nothing', undefined, /undefined/],
  ['null', null, /null/],
  ['no targets', { images: new Float32Array(16) }, /targets are not a Float32Array/],
  ['doubles', { images: new Float64Array(16), targets: new Float32Array(8) }, /images are not a Float32Array/],
  ['a list', { images: new Float32Array(16), targets: Array(8).fill(0) }, /targets are not a Float32Array/],
  ['too few', { images: new Float32Array(15), targets: new Float32Array(8) }, /wrong number of elements/],
] as const

describe('a batch that is none', () => {
  it.each(wrong)('is refused with the name of the dataset: %s', async (_, batch, message) => {
    const odd = Object.assign({ ...dataset() }, { batch: async () => batch })
    for (const classes of [odd.classes, odd.classes.toReversed()]) {
      await using made = trainer([], 1, { classes })
      const refused = { kind: 'data', message: expect.stringMatching(message) }
      await expect(made.fit(odd, { epochs: 1, batchSize: 4 })).rejects.toMatchObject(refused)
      await expect(made.evaluate(odd, { batchSize: 4 })).rejects.toMatchObject(refused)
    }
  })
})
