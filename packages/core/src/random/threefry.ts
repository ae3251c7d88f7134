import { matching, type Option, requireArguments } from '../options/index.js'
import { isUint32Array } from '../recognise/index.js'
/** A 64-bit key or counter as two unsigned 32-bit words. */
export type Words = readonly [number, number]

/** A key, as `seedWords`, `streamKey` and `stepKey` give it. */
export const wordsKind: Option<Words, Words> = matching(
  'a key, as seedWords(seed) gives it',
  (given): given is Words =>
    Array.isArray(given) && given.length === 2 && given.every((word) => typeof word === 'number'),
)

const word = matching('a whole number', (given): given is number => Number.isSafeInteger(given))
const twoWords = matching(
  'a Uint32Array of 2 values',
  (given): given is Uint32Array => isUint32Array(given) && given.length >= 2,
)

const parity = 0x1bd11bda

/**
 * Threefry-2x32 with 20 rounds: a keyed bijection of 64-bit counters whose outputs pass the usual batteries of tests. Written to
 * `out[0]` and `out[1]`. Additions, rotations and exclusive-or only, so any engine or language can restate it.
 *
 * Source: Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011; Random123 publishes test vectors.
 */
export function threefry2x32(key0: number, key1: number, counter0: number, counter1: number, out: Uint32Array): void {
  requireArguments('threefry2x32', {
    key0: [word, key0],
    key1: [word, key1],
    counter0: [word, counter0],
    counter1: [word, counter1],
    out: [twoWords, out],
  })
  encipher(key0, key1, counter0, counter1, out)
}

/**
 * {@link threefry2x32} for numbers that are known to be right. It is called for every two numbers that are drawn: rotations that are written out take
 * half the time of those in a list, and keys as signed words, as all else is here, a third of that.
 */
export function encipher(key0: number, key1: number, counter0: number, counter1: number, out: Uint32Array): void {
  let first = key0 | 0
  let second = key1 | 0
  let third = first ^ second ^ parity
  let x0 = (counter0 + first) | 0
  let x1 = (counter1 + second) | 0
  for (let block = 1; block <= 5; block++) {
    if (block % 2 === 1) {
      x0 = (x0 + x1) | 0
      x1 = ((x1 << 13) | (x1 >>> 19)) ^ x0
      x0 = (x0 + x1) | 0
      x1 = ((x1 << 15) | (x1 >>> 17)) ^ x0
      x0 = (x0 + x1) | 0
      x1 = ((x1 << 26) | (x1 >>> 6)) ^ x0
      x0 = (x0 + x1) | 0
      x1 = ((x1 << 6) | (x1 >>> 26)) ^ x0
    } else {
      x0 = (x0 + x1) | 0
      x1 = ((x1 << 17) | (x1 >>> 15)) ^ x0
      x0 = (x0 + x1) | 0
      x1 = ((x1 << 29) | (x1 >>> 3)) ^ x0
      x0 = (x0 + x1) | 0
      x1 = ((x1 << 16) | (x1 >>> 16)) ^ x0
      x0 = (x0 + x1) | 0
      x1 = ((x1 << 24) | (x1 >>> 8)) ^ x0
    }
    const used = first
    first = second
    second = third
    third = used
    x0 = (x0 + first) | 0
    x1 = (x1 + second + block) | 0
  }
  out[0] = x0
  out[1] = x1
}
