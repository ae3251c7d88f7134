import { readFileSync } from 'node:fs'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { cut } from '../augment/index.js'
import type { Size } from '../augment/placement.js'
import { fixture } from '../testing/folders.js'
import { decodePart, decodeWhole, readHeader, seenBytes } from './decode.js'

const limits = { maxPixels: 2 ** 26, shrinkOnLoad: true }

/** Whole numbers from 0, each below `count`, from a linear congruential generator. */
function randomFrom(seed: number): (count: number) => number {
  let state = seed
  return (count) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * count)
  }
}

/** An encoded picture of noise, in which a pixel that is resized otherwise shows. */
async function noise(width: number, height: number, random: (count: number) => number): Promise<Buffer> {
  const channels = random(3) === 0 ? 1 : 3
  const pixels = Buffer.from(Uint8Array.from({ length: width * height * channels }, () => random(256)))
  const image = sharp(pixels, { raw: { width, height, channels } })
  if (random(3) === 0) image.withMetadata({ orientation: 1 + random(8) })
  if (random(2) === 0) return image.png({ compressionLevel: 1 }).toBuffer()
  return image.jpeg({ quality: 95, progressive: random(3) === 0 }).toBuffer()
}

async function expectSameInParts(bytes: Buffer, size: Size, random: (count: number) => number): Promise<void> {
  const known = await readHeader(bytes, limits)
  // Without it, the careful decoder reads the picture.
  const header = random(2) === 0 ? known : { ...known, quick: undefined }
  for (const channels of [1, 3]) {
    for (const padding of [0, 9]) {
      const shape = [1 + random(size.height), 1 + random(size.width), channels] as const
      const place = {
        top: random(size.height + 2 * padding - shape[0] + 1) - padding,
        left: random(size.width + 2 * padding - shape[1] + 1) - padding,
      }
      const whole = await decodeWhole(bytes, header, shape, size, limits)
      const ofWhole = Buffer.alloc(shape[0] * shape[1] * channels)
      cut({ data: whole.data, given: channels, seen: { ...size, ...place } }, shape, ofWhole)
      const part = seenBytes(await decodePart(bytes, header, shape, { ...size, ...place }, limits), shape)
      const { width, height } = header
      expect(ofWhole.equals(part), JSON.stringify({ width, height, size, shape, place })).toBe(true)
    }
  }
}

describe('a part of a picture', () => {
  it.each([
    ['is shrunk', 200, 400, (random: (count: number) => number) => 100 + random(100)],
    ['is shrunk to sizes between whose pixels positions fall', 321, 320, () => 320],
    ['is shrunk to others of them', 200, 400, (random: (count: number) => number) => 64 * (1 + random(3))],
    ['is shrunk by much', 400, 600, (random: (count: number) => number) => 20 + random(60)],
    ['is enlarged', 20, 100, (random: (count: number) => number) => 100 + random(50)],
    ['is shrunk or enlarged, or both', 60, 200, (random: (count: number) => number) => 60 + random(200)],
  ])(
    'is the same as of the whole, where it %s',
    async (_, least, range, sideOf) => {
      const random = randomFrom(1)
      for (let count = 0; count < 12; count++) {
        const bytes = await noise(least + random(range), least + random(range), random)
        await expectSameInParts(bytes, { width: sideOf(random), height: sideOf(random) }, random)
      }
    },
    600000,
  )

  it.each([
    'orientation_6.jpg',
    'video-001.cmyk.jpeg',
    'video-005.gray.q50.jpeg',
    'video-001.5bpp.gif',
    'basn2c16.png',
    'basn6a16.png',
    'basn0g01.png',
  ])('is the same as of the whole in %s', async (name) => {
    const random = randomFrom(2)
    const bytes = readFileSync(fixture(`odd-images/${name}`))
    for (const size of [
      { width: 24, height: 29 },
      { width: 320, height: 300 },
      { width: 90, height: 64 },
    ])
      await expectSameInParts(bytes, size, random)
  })
})
