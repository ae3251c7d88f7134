import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { imageDataset, imageFiles, pictureReader } from '@convzoo/data'
import sharp from 'sharp'
import { afterAll, describe, expect, it } from 'vitest'
import { fixture, photograph, temporaryFolder, writeFiles } from '../testing/folders.js'

const folder = temporaryFolder(afterAll)
const preprocessing = {
  resize: 'bilinear',
  shorterSide: 40,
  mean: [0.485, 0.456, 0.406],
  standardDeviation: [0.229, 0.224, 0.225],
} as const
const options = { imageShape: [32, 32, 3], preprocessing, workers: 2 } as const

describe('pictures in memory', () => {
  it('become the numbers that the same files become', async () => {
    const pictures = await Promise.all([0, 1, 2, 3, 4].map((seed) => photograph(50 + 9 * seed, 90 - seed, seed)))
    const others = ['basn6a16.png', 'orientation_6.jpg', 'triangle-001.gif', 'video-001.cmyk.jpeg']
    const files = [...pictures, ...others.map((name) => readFileSync(fixture(`odd-images/${name}`)))]
    writeFiles(folder, Object.fromEntries(files.map((bytes, place) => [`same/${place}`, bytes])))
    const paths = files.map((_, place) => join(folder, 'same', String(place)))
    await using dataset = imageDataset(imageFiles(paths, ['a']), { ...options, workers: 1 })
    await using reader = pictureReader(options)
    const read = await Promise.all(files.map((bytes) => reader.read(bytes)))
    for (const [place, each] of read.entries()) {
      const { images } = await dataset.batch([place])
      expect(each).toEqual({ image: images })
    }
  })

  it('are read where they are a part of other memory', async () => {
    await using reader = pictureReader(options)
    const bytes = await photograph(60, 50)
    const around = Buffer.concat([Buffer.alloc(100), bytes, Buffer.alloc(100)])
    const part = around.subarray(100, 100 + bytes.length)
    expect(await reader.read(part)).toEqual(await reader.read(bytes))
  })

  it('are refused with a reason, by what is wrong, and others are read afterwards', async () => {
    const whole = await photograph(60, 50)
    const large = await sharp({ create: { width: 9000, height: 9000, channels: 3, background: 'red' } })
      .png()
      .toBuffer()
    await using reader = pictureReader(options)
    const text = Buffer.from('This is no picture.')
    const refused = await Promise.all(
      [text, Buffer.alloc(0), whole.subarray(0, 400), large].map((bytes) => reader.read(bytes)),
    )
    expect(refused).toEqual([
      { refused: 'format', reason: expect.stringMatching(/unsupported image format/) },
      { refused: 'format', reason: expect.stringMatching(/./) },
      { refused: 'damage', reason: expect.stringMatching(/damaged/) },
      { refused: 'size', reason: expect.stringMatching(/pixel limit/) },
    ])
    const heic = Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'latin1')
    expect(await reader.read(heic)).toEqual({ refused: 'format', reason: expect.stringMatching(/^HEIC.*convert it/) })
    expect(await reader.read(whole)).toHaveProperty('image')
  })
})
