import { readFileSync } from 'node:fs'
import type { ImageShape } from '@convzoo/core'
import { describe, expect, it } from 'vitest'
import { fixture } from '../testing/folders.js'
import { preprocessor, unitRange } from './preprocess.js'

interface Case {
  readonly from: ImageShape
  readonly to: ImageShape
  readonly image: readonly number[]
  readonly expected: readonly number[]
}

// Golden numbers by Pillow: bench/reference/bilinear.py.
const { cases }: { readonly cases: readonly Case[] } = JSON.parse(readFileSync(fixture('bilinear.json'), 'utf8'))

describe('images in memory', () => {
  it.each(cases.map((each) => [`${each.from.join('×')} to ${each.to.join('×')}`, each] as const))(
    'are resized as Pillow does it, enlarged or shrunk: %s',
    (_, { from, to, image, expected }) => {
      const out = new Float32Array(expected.length)
      preprocessor({ from, to, preprocessing: unitRange, one: 1 })(image, out, 0)
      const apart = Math.max(...expected.map((value, at) => Math.abs(value - (out[at] ?? Number.NaN))))
      // Pillow keeps singles between across and down.
      expect(apart).toBeLessThan(1e-4)
    },
  )
})
