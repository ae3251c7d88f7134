import { describe, expect, it } from 'vitest'
import { threefry2x32 } from './threefry.js'

// Random123's published known answers, `tests/kat_vectors`, threefry 2x32, 20 rounds: counter, key, result.
const vectors = [
  { counter: [0, 0], key: [0, 0], result: [0x6b200159, 0x99ba4efe] },
  { counter: [0xffffffff, 0xffffffff], key: [0xffffffff, 0xffffffff], result: [0x1cb996fc, 0xbb002be7] },
  { counter: [0x243f6a88, 0x85a308d3], key: [0x13198a2e, 0x03707344], result: [0xc4923a9c, 0x483df7a0] },
] as const

describe('threefry2x32', () => {
  it.each(vectors)('gives the published answer for counter $counter', ({ counter, key, result }) => {
    const out = new Uint32Array(2)
    threefry2x32(key[0], key[1], counter[0], counter[1], out)
    expect([...out]).toEqual(result)
  })
})
