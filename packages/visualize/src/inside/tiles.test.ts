import { describe, expect, it } from 'vitest'
import { enlarged, greyTiles, heatTiles, signedTiles } from './tiles.js'

/** Numbers of a picture of 50 x 50 pixels of one channel, 0 where nothing is said. */
const picture = (numbers: readonly (readonly [place: number, value: number])[]): Float32Array => {
  const values = new Float32Array(2500)
  for (const [place, value] of numbers) values[place] = value
  return values
}

const greyAt = (values: Float32Array, place: number): number => values[place * 3] ?? Number.NaN

describe('signedTiles', () => {
  it('puts 0 at grey, and the largest at white or, where it is negative, black', () => {
    const { height, width, values } = signedTiles(Float32Array.of(0, 1, -2, 2), [2, 2, 1])
    expect([height, width]).toEqual([2, 2])
    expect([0, 1, 2, 3].map((place) => greyAt(values, place))).toEqual([0.5, 0.75, 0, 1])
  })

  it('keeps the contrast of a patch that is a small part of a picture which is 0 elsewhere', () => {
    for (const size of [4, 20, 100]) {
      const { values } = signedTiles(
        picture(Array.from({ length: size }, (_, at) => [at, (at + 1) / size])),
        [50, 50, 1],
      )
      const seen = Array.from({ length: size }, (_, at) => greyAt(values, at))
      expect(new Set(seen.map((each) => each.toFixed(4))).size).toBe(size)
      expect(greyAt(values, 2000)).toBe(0.5)
    }
  })

  it('does not let a few outliers make the rest grey', () => {
    const values = Float32Array.from({ length: 2500 }, (_, at) => (at < 5 ? 1000 : (at % 2) * 2 - 1))
    const drawn = signedTiles(values, [50, 50, 1]).values
    expect([greyAt(drawn, 0), greyAt(drawn, 100), greyAt(drawn, 101)]).toEqual([1, 0, 1])
  })

  it('stretches each picture by itself, all of its colours alike', () => {
    const { values } = signedTiles(Float32Array.of(1, 2, -4, 10, 20, -40), [1, 1, 3])
    expect(Array.from(values.subarray(0, 3))).toEqual(Array.from(values.subarray(3)))
    expect(Array.from(values.subarray(0, 3))).toEqual([0.625, 0.75, 0])
  })

  it('draws what is 0 everywhere in grey', () => {
    expect(new Set(signedTiles(new Float32Array(12), [2, 2, 3]).values)).toEqual(new Set([0.5]))
  })
})

describe('greyTiles and heatTiles', () => {
  it('draw the least number black and nearly the largest bright, also where most of a map is at its least', () => {
    const values = picture(Array.from({ length: 20 }, (_, at) => [at, at + 1])).map((value) => value - 5)
    const grey = greyTiles({ height: 50, width: 50, values }).values
    expect(greyAt(grey, 2000)).toBe(0)
    expect(Array.from({ length: 20 }, (_, at) => greyAt(grey, at))).toEqual(
      Array.from({ length: 20 }, (_, at): unknown => expect.closeTo((at + 1) / 20, 6)),
    )
    const heat = heatTiles({ height: 50, width: 50, values }).values
    expect(Array.from(heat.subarray(57, 60))).toEqual([0.988, 0.998, 0.645].map((each) => Math.fround(each)))
  })
})

describe('enlarged', () => {
  it('makes each pixel a square', () => {
    const tiles = greyTiles({ height: 1, width: 2, values: Float32Array.of(0, 1) })
    const { height, width, values } = enlarged(tiles, 2)
    expect([height, width]).toEqual([2, 4])
    expect(Array.from({ length: 8 }, (_, at) => greyAt(values, at))).toEqual([0, 0, 1, 1, 0, 0, 1, 1])
  })
})
