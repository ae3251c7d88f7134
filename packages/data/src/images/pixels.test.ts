import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { ImageShape, Preprocessing } from '@convzoo/core'
import { type CacheKind, imageDataset } from '@convzoo/data'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { resample } from '../augment/resample.js'
import { decodingReason, shortReason } from '../files/reason.js'
import { fixture, temporaryFolder } from '../testing/folders.js'
import { decodePart, decodeWhole, prepareDecoder, readHeader, resizePart, seenBytes } from './decode.js'
import type { DecodeLimits, Header } from './header.js'
import { tiffTags } from './tiff-tags.js'

interface Case {
  readonly file: string
  readonly width: number
  readonly height: number
  readonly channels: 1 | 3
  readonly offset: number
}

// Golden pixels by Pillow: bench/reference/pixels.py.
const { cases }: { readonly cases: readonly Case[] } = JSON.parse(readFileSync(fixture('pixels/expected.json'), 'utf8'))
const pixels = gunzipSync(readFileSync(fixture('pixels/expected.bin.gz')))
const expected = ({ offset, width, height, channels }: Case): Uint8Array =>
  pixels.subarray(offset, offset + width * height * channels)

/** How far apart bytes are, in the mean; what is compared is as long. */
function apart(one: ArrayLike<number>, other: ArrayLike<number>): number {
  expect(one.length).toBe(other.length)
  let sum = 0
  for (let at = 0; at < one.length; at++) sum += Math.abs((one[at] ?? 0) - (other[at] ?? 0))
  return sum / one.length
}

const limits: DecodeLimits = { maxPixels: 2 ** 26, shrinkOnLoad: true }
const files = [...new Set(cases.map(({ file }) => file))]
const bytesOf = (file: string): Buffer => readFileSync(fixture(`pixels/${file}`))

async function seen(
  bytes: Buffer,
  { width, height, channels }: Case,
  bounds = limits,
  otherwise: Partial<Header> = {},
): Promise<Uint8Array> {
  const shape = [height, width, channels] as const
  const header = { ...(await readHeader(bytes, bounds)), ...otherwise }
  return seenBytes(await decodePart(bytes, header, shape, { width, height, left: 0, top: 0 }, bounds), shape)
}

beforeAll(prepareDecoder)

describe('the pixels of a file', () => {
  it.each(files)('are within half a level of 255 of those that Pillow makes of %s', async (file) => {
    for (const each of cases.filter((other) => other.file === file)) {
      expect(apart(await seen(bytesOf(file), each), expected(each)), JSON.stringify(each)).toBeLessThanOrEqual(0.5)
    }
  })

  it.each(files.filter((file) => file.endsWith('.jpg')))(
    'are so by the careful decoder, too, and where nothing is shrunk on load: %s',
    async (file) => {
      const careful = { quick: undefined }
      for (const each of cases.filter((other) => other.file === file)) {
        const whole = { ...limits, shrinkOnLoad: false }
        const made = Buffer.from(await seen(bytesOf(file), each, whole, careful))
        expect(made.equals(await seen(bytesOf(file), each, whole)), JSON.stringify(each)).toBe(true)
        expect(apart(made, expected(each)), JSON.stringify(each)).toBeLessThanOrEqual(0.5)
      }
    },
  )

  const lossless = ['photograph.png', 'ramp.png', 'odd.webp', 'wide.tif', 'turned.png']
  it.each(lossless)(
    'are those of Pillow to the last bit, where nothing is lost and across shrinks as down: %s',
    async (file) => {
      for (const each of cases.filter(
        (other) => other.file === file && other.width !== other.height && other.channels === 3,
      )) {
        expect(Buffer.from(await seen(bytesOf(file), each)).equals(expected(each)), JSON.stringify(each)).toBe(true)
      }
    },
  )

  const ordinary = [
    'full-colours.jpg',
    'subsampled.jpg',
    'subsampled-ramp.jpg',
    'middle-halved-across.jpg',
    'middle-progressive.jpg',
    'restarts.jpg',
    'ramp.jpg',
    'wide.jpg',
    'turned.jpg',
    'middle-turned.jpg',
    'large.jpg',
    'large-turned.jpg',
  ]
  it.each(ordinary)(
    'are those of Pillow to the last bit, of an ordinary JPEG, where across shrinks as down: %s',
    async (file) => {
      const bounds = { ...limits, shrinkOnLoad: false }
      for (const each of cases.filter(
        (other) => other.file === file && other.width !== other.height && other.channels === 3,
      )) {
        const made = Buffer.from(await seen(bytesOf(file), each, bounds))
        expect(made.equals(expected(each)), JSON.stringify(each)).toBe(true)
      }
    },
  )

  it('are the same bytes of a picture in memory as of its file', async () => {
    for (const each of cases.filter(({ file }) => file === 'photograph.png' || file === 'transparent-grey.png')) {
      const { width, height, channels } = each
      const bytes = bytesOf(each.file)
      const header = await readHeader(bytes, limits)
      const whole = await decodeWhole(bytes, header, [header.height, header.width, channels], header, limits)
      const shape = [height, width, channels] as const
      const sight = resizePart(whole, shape, { width, height, left: 0, top: 0 })
      expect(Buffer.from(seenBytes(sight, shape)).equals(await seen(bytes, each)), JSON.stringify(each)).toBe(true)
    }
  })

  it('are those of the whole, cut out, for every part', () => {
    const width = 23
    const height = 17
    for (const channels of [1, 3]) {
      const data = Uint8Array.from({ length: width * height * channels }, (_, at) => (at * 7919) % 251)
      const picture = { data, width, height, channels }
      for (const size of [
        { width: 61, height: 40 },
        { width: 9, height: 17 },
        { width: 23, height: 5 },
        { width: 7, height: 30 },
      ]) {
        const whole = resample(picture, size, { ...size, left: 0, top: 0 })
        for (const part of [
          { left: 0, top: 0, width: 3, height: 4 },
          { left: 4, top: 1, width: 3, height: 4 },
          { left: size.width - 3, top: size.height - 5, width: 3, height: 5 },
        ]) {
          const rows = Array.from({ length: part.height }, (_, row) => {
            const start = ((row + part.top) * size.width + part.left) * channels
            return [...whole.subarray(start, start + part.width * channels)]
          })
          expect([...resample(picture, size, part)]).toEqual(rows.flat())
        }
      }
    }
  })

  it('of pure red are 76 in grey, as ITU-R 601 weighs it', async () => {
    const grey = await seen(bytesOf('red.png'), { file: 'red.png', width: 3, height: 3, channels: 1, offset: 0 })
    expect([...grey]).toEqual(Array<number>(9).fill(76))
  })
})

describe('a batch of files of every format', () => {
  const folder = temporaryFolder(afterAll)
  const shape: ImageShape = [24, 24, 3]
  const square = cases.filter(({ width, height, channels }) => width === 24 && height === 24 && channels === 3)
  const listing = {
    name: 'pixels',
    classes: ['any'],
    images: square.map(({ file }) => ({ path: fixture(`pixels/${file}`), name: file, label: 0 })),
    refused: [],
  }
  const unit: Preprocessing = { resize: 'bilinear', mean: [0], standardDeviation: [1] }

  it.each<[CacheKind, boolean]>([
    ['none', false],
    ['memory', false],
    ['disk', false],
  ])('is what Pillow makes of them: cache %s', async (cache) => {
    process.env.CONVZOO_CACHE = join(folder, cache)
    try {
      await using dataset = imageDataset(listing, { imageShape: shape, preprocessing: unit, onBadImage: 'fail', cache })
      const all = listing.images.map((_, index) => index)
      // The second time, they come from the cache.
      for (let time = 0; time < 2; time++) {
        const { images } = await dataset.batch(all)
        const size = 24 * 24 * 3
        square.forEach((each, index) => {
          const bytes = images.subarray(index * size, (index + 1) * size).map((value) => value * 255)
          expect(apart(bytes, expected(each)), `${each.file}, ${cache}`).toBeLessThanOrEqual(0.5)
        })
      }
    } finally {
      delete process.env.CONVZOO_CACHE
    }
  })

  it.each<CacheKind>(['none', 'memory', 'disk'])(
    'is so of whole pictures that are kept as they are stored: cache %s',
    async (cache) => {
      process.env.CONVZOO_CACHE = join(folder, `full-${cache}`)
      try {
        const all = square.filter(
          ({ file }) => file.startsWith('ramp.') || file.startsWith('photograph.') || file.startsWith('full-'),
        )
        const byRatio = new Map<number, Case[]>()
        for (const each of all) {
          const { width, height } = await readHeader(bytesOf(each.file), limits)
          byRatio.set(width / height, [...(byRatio.get(width / height) ?? []), each])
        }
        for (const [ratio, group] of byRatio) {
          const preprocessing: Preprocessing = {
            ...unit,
            augmentation: [{ type: 'randomResizedCrop', area: [1, 1], ratio: [ratio, ratio] }],
          }
          const images = group.map(({ file }) => ({ path: fixture(`pixels/${file}`), name: file, label: 0 }))
          const some = { ...listing, images }
          await using dataset = imageDataset(some, { imageShape: shape, preprocessing, onBadImage: 'fail', cache })
          for (let epoch = 0; epoch < 2; epoch++) {
            const batch = await dataset.batch([...group.keys()], { training: true, seed: 1, epoch })
            const size = 24 * 24 * 3
            group.forEach((each, index) => {
              const bytes = batch.images.subarray(index * size, (index + 1) * size).map((value) => value * 255)
              expect(apart(bytes, expected(each)), `${each.file}, ${cache}`).toBeLessThanOrEqual(0.5)
            })
          }
        }
      } finally {
        delete process.env.CONVZOO_CACHE
      }
    },
  )
})

describe('exact pixels', () => {
  const reduced = cases.filter(
    ({ file, width, channels }) => /^large(-turned)?\.jpg$/.test(file) && channels === 3 && width < 24,
  )
  const unit: Preprocessing = { resize: 'bilinear', mean: [0], standardDeviation: [1] }

  const batchOf = async (each: Case, exactPixels: boolean, training: boolean): Promise<Uint8Array> => {
    const { file, height, width } = each
    const images = [{ path: fixture(`pixels/${file}`), name: file, label: 0 }]
    const listing = { name: 'large', classes: ['any'], images, refused: [] }
    const preprocessing = { ...unit, exactPixels }
    await using dataset = imageDataset(listing, { imageShape: [height, width, 3], preprocessing, cache: 'memory' })
    const purpose = { training: true, seed: 1, epoch: 0 } as const
    // The second time, it comes from the cache.
    for (const _ of [1, 2]) await dataset.batch([0], training ? undefined : purpose)
    const made = await dataset.batch([0], training ? purpose : undefined)
    return Uint8Array.from(made.images, (value) => Math.round(value * 255))
  }

  it('are those of Pillow to the last bit, of a JPEG that is shrunk to a small part', async () => {
    expect(reduced).toHaveLength(2)
    for (const each of reduced) {
      const asPillow = Buffer.from(expected(each))
      expect(asPillow.equals(await batchOf(each, true, false)), each.file).toBe(true)
      expect(asPillow.equals(await batchOf(each, false, false)), each.file).toBe(false)
    }
  })

  it('are not asked for in training, which decodes a fraction of it', async () => {
    for (const each of reduced) expect(await batchOf(each, true, true)).toEqual(await batchOf(each, false, true))
  })

  it('are true or false', () => {
    const preprocessing = { ...unit, ...JSON.parse('{ "exactPixels": 1 }') }
    const listing = { name: 'none', classes: ['any'], images: [], refused: [] }
    expect(() => imageDataset(listing, { imageShape: [9, 9, 3], preprocessing })).toThrow(
      expect.objectContaining({ kind: 'option', message: expect.stringContaining('preprocessing.exactPixels') }),
    )
  })
})

describe('a picture whose samples have no range that is known', () => {
  const refused = readdirSync(fixture('pixels/refused'))

  const reasonOf = async (file: string): Promise<string | undefined> => {
    const bytes = bytesOf(join('refused', file))
    const shape = [9, 9, 3] as const
    try {
      const header = await readHeader(bytes, limits)
      await decodePart(bytes, header, shape, { width: 9, height: 9, left: 0, top: 0 }, limits).catch(
        (error: unknown) => {
          throw new Error(decodingReason(error))
        },
      )
      return undefined
    } catch (error) {
      return shortReason(error)
    }
  }

  it.each(refused)('is refused, never taken for black and white: %s', async (file) => {
    expect(await reasonOf(file)).toEqual(expect.any(String))
  })

  it.each([
    ['signed-16.tif', /^signed integers of 16 bits.*save it/],
    ['signed-colours.tif', /^signed integers of 16 bits/],
    ['floats-to-255.tif', /^floats from [\d.]+ to [\d.]+, .*save it/],
    ['negative.tif', /^floats from -/],
    ['no-numbers.tif', /no numbers/],
    ['double.tif', /^floats of 64 bits/],
    ['half.tif', /^floats of 16 bits/],
    ['small-integers.tif', /^integers of 32 bits that reach only \d+ of 4294967295/],
    ['white-is-zero.tif', /^floats of which 0 is white/],
    ['grey-and-opacity.tif', /^floats with transparency/],
    ['five-channels.tif', /^5 channels/],
    ['luma-and-chroma.tif', /luma and chroma/],
  ])('is named with why: %s', async (file, reason) => {
    expect(await reasonOf(file)).toMatch(reason)
  })

  it('is so in a BigTIFF of either order of bytes', () => {
    for (const isLittle of [true, false]) {
      const bytes = Buffer.alloc(16 + 8 + 2 * 20)
      bytes.write(isLittle ? 'II' : 'MM', 'latin1')
      const word = (value: number, at: number): unknown =>
        isLittle ? bytes.writeUInt16LE(value, at) : bytes.writeUInt16BE(value, at)
      const long = (value: number, at: number): unknown =>
        isLittle ? bytes.writeBigUInt64LE(BigInt(value), at) : bytes.writeBigUInt64BE(BigInt(value), at)
      word(43, 2)
      long(16, 8)
      long(2, 16)
      // Bits, and the sample format: 2 is signed.
      ;[
        [258, 16],
        [339, 2],
      ].forEach(([number = 0, value = 0], index) => {
        const at = 24 + 20 * index
        word(number, at)
        word(3, at + 2)
        long(1, at + 4)
        word(value, at + 12)
      })
      expect(tiffTags(bytes)).toMatchObject({ bits: 16, sampleFormat: 2 })
      // Cut off anywhere, nothing is thrown.
      for (let length = 0; length < bytes.length; length++) tiffTags(bytes.subarray(0, length))
    }
  })

  it('is named by a dataset', async () => {
    const images = refused.map((file) => ({ path: fixture(`pixels/refused/${file}`), name: basename(file), label: 0 }))
    const good = { path: fixture('pixels/photograph.png'), name: 'good.png', label: 0 }
    const listing = { name: 'refused', classes: ['any'], images: [good, ...images], refused: [] }
    await using dataset = imageDataset(listing, { imageShape: [9, 9, 3], maxBad: 100 })
    await dataset.batch(listing.images.map((_, index) => index))
    expect(dataset.badImages.map(({ name }) => name).sort()).toEqual([...refused].sort())
    for (const { reason } of dataset.badImages) expect(reason).not.toBe('damaged, or ends too early')
  })
})
