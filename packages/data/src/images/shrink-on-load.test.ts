import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { fixture } from '../testing/folders.js'
import { decodePart, prepareDecoder, readHeader, seenBytes } from './decode.js'
import { samplingOf } from './jpeg-sampling.js'
import { sizeOnLoad } from './shrink-on-load.js'

const bytesOf = (file: string): Buffer => readFileSync(fixture(`pixels/${file}`))
const maxPixels = 2 ** 26

beforeAll(prepareDecoder)

describe('the sampling of a JPEG', () => {
  it.each([
    ['full-colours.jpg', { across: 1, down: 1 }],
    ['middle.jpg', { across: 2, down: 2 }],
    ['middle-progressive.jpg', { across: 2, down: 2 }],
    ['middle-halved-across.jpg', { across: 2, down: 1 }],
    ['grey.jpg', undefined],
    ['photograph.png', undefined],
  ])('is read of %s', (file, sampling) => {
    expect(samplingOf(bytesOf(file))).toEqual(sampling)
  })

  it('of a damaged header is no error, wherever it ends or is wrong', () => {
    const bytes = bytesOf('middle-halved-across.jpg')
    for (let length = 0; length < 200; length++) expect(() => samplingOf(bytes.subarray(0, length))).not.toThrow()
    for (let at = 2; at < 700; at++) {
      const damaged = Buffer.from(bytes)
      damaged[at] = 0
      expect(() => samplingOf(damaged)).not.toThrow()
    }
  })
})

describe('a JPEG whose colours are halved across alone', () => {
  it('is decoded whole until it is shrunk twice as much as others, and stays as close to the whole', async () => {
    const bytes = bytesOf('middle-halved-across.jpg')
    const header = await readHeader(bytes, { maxPixels, shrinkOnLoad: true })
    const seen = async (size: number, shrinkOnLoad: boolean): Promise<Uint8Array> => {
      const shape = [size, size, 3] as const
      const placement = { width: size, height: size, left: 0, top: 0 }
      return seenBytes(await decodePart(bytes, header, shape, placement, { maxPixels, shrinkOnLoad }), shape)
    }
    const side = Math.min(header.width, header.height)
    for (const reduction of [10, 14, 20, 27, 36]) {
      const size = Math.floor(side / reduction)
      const [one, other] = [await seen(size, true), await seen(size, false)]
      const apart = one.reduce((sum, value, at) => sum + Math.abs(value - (other[at] ?? 0)), 0) / one.length
      expect(apart, String(reduction)).toBeLessThanOrEqual(0.5)
    }
    const limits = { maxPixels, shrinkOnLoad: true }
    const resized = { width: Math.floor(header.width / 10), height: Math.floor(header.height / 10) }
    expect(sizeOnLoad(header, resized, limits)).toBeUndefined()
    expect(sizeOnLoad({ ...header, isUneven: false }, resized, limits)).toBeDefined()
  })
})
