import { readFileSync } from 'node:fs'
import sharp, { type JpegOptions } from 'sharp'
import { describe, expect, it } from 'vitest'
import { fixture } from '../testing/folders.js'
import { decodeJpegPart } from './decode-jpeg.js'

interface Raw {
  readonly data: Buffer
  readonly width: number
  readonly height: number
}

/** Bytes of a linear congruential generator, smoothed here and there: noise, slopes and plain parts. */
function picture(width: number, height: number, seed: number): Raw {
  let state = seed
  const data = Buffer.alloc(width * height * 3)
  for (let at = 0; at < data.length; at++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    const [x, y] = [Math.floor(at / 3) % width, Math.floor(at / 3 / width)]
    const slope = (x * 3 + y * 2 + (at % 3) * 40) % 256
    data[at] = x % 40 < 20 ? slope : y % 30 < 10 ? 200 : (slope + (state >>> 24)) >> 1
  }
  return { data, width, height }
}

const encoded = ({ data, width, height }: Raw, options: JpegOptions): Promise<Buffer> =>
  sharp(data, { raw: { width, height, channels: 3 } })
    .jpeg(options)
    .toBuffer()

/** As libjpeg-turbo decodes it. */
async function decoded(bytes: Buffer): Promise<Raw> {
  const { data, info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true })
  return { data, width: info.width, height: info.height }
}

const whole = ({ width, height }: Raw) => ({ left: 0, top: 0, width, height })

const encodings: readonly JpegOptions[] = [
  { quality: 100, chromaSubsampling: '4:4:4' },
  { quality: 100, chromaSubsampling: '4:2:0' },
  { quality: 92, chromaSubsampling: '4:2:0', optimizeCoding: false },
  { quality: 75, chromaSubsampling: '4:4:4', optimizeCoding: false },
  { quality: 30, chromaSubsampling: '4:2:0' },
  { quality: 1, chromaSubsampling: '4:2:0' },
  { quality: 100, chromaSubsampling: '4:4:4', progressive: true },
  { quality: 88, chromaSubsampling: '4:2:0', progressive: true },
  { quality: 20, chromaSubsampling: '4:2:0', progressive: true },
  { quality: 80, chromaSubsampling: '4:2:0', mozjpeg: true },
]

describe('an ordinary JPEG', () => {
  it.each(encodings)('is decoded to the same bytes as by libjpeg-turbo: %o', async (options) => {
    for (const [width, height] of [
      [203, 149],
      [16, 16],
      [17, 33],
      [5, 1],
      [7, 200],
      [8, 8],
    ] as const) {
      const bytes = await encoded(picture(width, height, width), options)
      const expected = await decoded(bytes)
      const made = decodeJpegPart(bytes, expected, whole(expected))
      expect(made?.channels).toBe(3)
      expect(Buffer.compare(made?.data ?? Buffer.of(), expected.data), `${width} × ${height}`).toBe(0)
    }
  })

  it('has the same bytes wherever a part of it is asked for', async () => {
    for (const options of encodings) {
      const bytes = await encoded(picture(131, 117, 5), options)
      const { data, width, height } = await decoded(bytes)
      for (const [left, top, right, bottom] of [
        [0, 0, 1, 1],
        [130, 116, 131, 117],
        [15, 15, 17, 17],
        [16, 31, 64, 33],
        [33, 1, 35, 117],
        [0, 90, 131, 91],
      ] as const) {
        const made = decodeJpegPart(bytes, { width, height }, { left, top, width: right - left, height: bottom - top })
        for (let row = top; row < bottom; row++) {
          const [from, to] = [(row * width + left) * 3, (row * width + right) * 3]
          const seen = Buffer.from(made?.data.subarray(from, to) ?? [])
          expect(Buffer.compare(seen, data.subarray(from, to)), `${left} ${top} ${row}`).toBe(0)
        }
      }
    }
  })

  it('with restarts, or with colours halved across, is decoded alike', async () => {
    for (const file of ['restarts.jpg', 'middle-halved-across.jpg', 'middle-progressive.jpg']) {
      const bytes = readFileSync(fixture(`pixels/${file}`))
      const expected = await decoded(bytes)
      const made = decodeJpegPart(bytes, expected, whole(expected))
      expect(Buffer.compare(made?.data ?? Buffer.of(), expected.data), file).toBe(0)
    }
  })

  it('that is grey has one channel', async () => {
    const bytes = readFileSync(fixture('pixels/grey.jpg'))
    const { data, info } = await sharp(bytes).toColourspace('b-w').raw().toBuffer({ resolveWithObject: true })
    const made = decodeJpegPart(bytes, info, whole({ ...info, data }))
    expect(made?.channels).toBe(1)
    expect(Buffer.compare(made?.data ?? Buffer.of(), data)).toBe(0)
  })
})

describe('what is no ordinary JPEG', () => {
  it.each(['inks.jpg', 'photograph.png'])('is left to others: %s', (file) => {
    const bytes = readFileSync(fixture(`pixels/${file}`))
    const size = { width: 44, height: 31 }
    expect(decodeJpegPart(bytes, size, { left: 0, top: 0, ...size })).toBeUndefined()
  })

  it('is one of another size than was asked for', async () => {
    const bytes = await encoded(picture(20, 20, 1), {})
    const size = { width: 20, height: 21 }
    expect(decodeJpegPart(bytes, size, { left: 0, top: 0, ...size })).toBeUndefined()
  })

  it('is one that ends too early, wherever it is seen', async () => {
    for (const file of ['middle.jpg', 'restarts.jpg', 'grey.jpg', 'middle-progressive.jpg']) {
      const bytes = readFileSync(fixture(`pixels/${file}`))
      const { width, height } = await sharp(bytes).metadata()
      const part = { left: 0, top: 0, width: 9, height: 9 }
      expect(decodeJpegPart(bytes, { width, height }, part), file).toBeDefined()
      for (let length = 0; length < bytes.length; length += length < 700 ? 1 : 97) {
        expect(decodeJpegPart(bytes.subarray(0, length), { width, height }, part), `${file} ${length}`).toBeUndefined()
      }
      expect(decodeJpegPart(bytes.subarray(0, -2), { width, height }, part), file).toBeUndefined()
    }
  })

  it('is no error, whatever byte of it is damaged, and leaves the next one as it is', async () => {
    for (const file of ['subsampled.jpg', 'full-colours.jpg', 'restarts.jpg', 'grey.jpg', 'progressive.jpg']) {
      const bytes = readFileSync(fixture(`pixels/${file}`))
      const { width, height } = await sharp(bytes).metadata()
      const size = { width, height }
      const part = { left: 0, top: 0, ...size }
      const before = Buffer.from(decodeJpegPart(bytes, size, part)?.data ?? [])
      for (let at = 0; at < Math.min(bytes.length, 3000); at++) {
        for (const value of [0, 0xff, (bytes[at] ?? 0) ^ (1 << (at % 8))]) {
          const damaged = Buffer.from(bytes)
          damaged[at] = value
          expect(() => decodeJpegPart(damaged, size, part), `${file} ${at} ${value}`).not.toThrow()
        }
      }
      expect(Buffer.compare(decodeJpegPart(bytes, size, part)?.data ?? Buffer.of(), before), file).toBe(0)
    }
  })
})
