import { describe, expect, it } from 'vitest'
import { plainLines } from '../augment/plain-lines.js'
import { resample } from '../augment/resample.js'
import { wholeFilter } from '../augment/whole-filter.js'
import { vectorLines } from './vector-lines.js'

/** Bytes of a linear congruential generator. */
function bytes(length: number, seed: number): Uint8Array {
  let state = seed
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state >>> 24
  })
}

const filtersOf = (width: number, height: number, outWidth: number, outHeight: number) => ({
  across: wholeFilter(width, outWidth, 0, outWidth, { start: 0, length: width }),
  down: wholeFilter(height, outHeight, 0, outHeight, { start: 0, length: height }),
})

describe('sums of rows and columns by vectors', () => {
  const sizes = [
    [1, 1, 1, 1],
    [1, 1, 5, 3],
    [7, 5, 1, 1],
    [3, 9, 64, 2],
    [17, 23, 16, 24],
    [61, 47, 20, 47],
    [640, 481, 341, 256],
    [3000, 90, 16, 45],
    [90, 3000, 90, 11],
    // A row alone is larger than what is taken over at a time.
    [100_000, 6, 5, 4],
  ] as const
  for (const channels of [1, 3]) {
    it.each(sizes)(
      `are the same bytes as one by one, of ${channels} channels: %i × %i to %i × %i`,
      (width, height, outWidth, outHeight) => {
        const { across, down } = filtersOf(width, height, outWidth, outHeight)
        for (const data of [
          bytes(width * height * channels, 7),
          new Uint8Array(width * height * channels).fill(255),
          new Uint8Array(width * height * channels),
        ]) {
          const picture = { data, width, height, channels }
          const seen = vectorLines(picture, 0, height, across, down)
          expect(seen).toHaveLength(outWidth * outHeight * channels)
          expect(Buffer.compare(seen ?? Buffer.of(), plainLines(picture, 0, height, across, down))).toBe(0)
        }
      },
    )
  }

  it('are those of one picture, whatever was made before', () => {
    const picture = { data: bytes(50 * 40 * 3, 3), width: 50, height: 40, channels: 3 }
    const { across, down } = filtersOf(50, 40, 20, 15)
    const first = vectorLines(picture, 0, 40, across, down)?.slice()
    const other = { data: new Uint8Array(400 * 300 * 3).fill(255), width: 400, height: 300, channels: 3 }
    resample(other, { width: 100, height: 80 }, { left: 0, top: 0, width: 100, height: 80 })
    expect(vectorLines(picture, 0, 40, across, down)).toEqual(first)
  })

  it('are left to others where they need much memory, and the picture is made all the same', () => {
    const height = 1_200_000
    const picture = { data: new Uint8Array(height).fill(77), width: 1, height, channels: 1 }
    const { across, down } = filtersOf(1, height, 45, 100)
    expect(vectorLines(picture, 0, height, across, down)).toBeUndefined()
    const size = { width: 45, height: 100 }
    const seen = resample(picture, size, { ...size, left: 0, top: 0 })
    expect(seen).toEqual(new Uint8Array(45 * 100).fill(77))
  })
})
