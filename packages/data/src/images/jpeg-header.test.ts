import { readdirSync, readFileSync } from 'node:fs'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { fixture } from '../testing/folders.js'
import { plainJpegHeader } from './jpeg-header.js'

const maxPixels = 2 ** 26

/** What libvips says of a file. */
async function byLibvips(bytes: Buffer) {
  const { autoOrient, orientation = 1, channels, space } = await sharp(bytes).metadata()
  return { ...autoOrient, orientation, colours: space === 'cmyk' ? 'inks' : channels === 1 ? 'grey' : 'rgb' }
}

const jpegsOf = (folder: string): string[] =>
  readdirSync(fixture(folder))
    .filter((name) => /\.jpe?g$/.test(name))
    .map((name) => `${folder}/${name}`)

/** Inks, and a file that is cut off before its first scan or has a second frame, are the careful decoder's. */
const files = [...jpegsOf('pixels'), ...jpegsOf('odd-images')].filter((name) => !/inks|cmyk/.test(name))

describe('the header of an ordinary JPEG', () => {
  it.each(files)('%s is what libvips says of it', async (name) => {
    const bytes = readFileSync(fixture(name))
    expect(plainJpegHeader(bytes, maxPixels)).toMatchObject(await byLibvips(bytes))
  })

  it.each([1, 2, 3, 4, 5, 6, 7, 8])('says how it is turned: %i', async (orientation) => {
    const pixels = sharp({ create: { width: 9, height: 5, channels: 3, background: 'red' } })
    const bytes = await pixels.jpeg().withMetadata({ orientation }).toBuffer()
    expect(plainJpegHeader(bytes, maxPixels)).toMatchObject(await byLibvips(bytes))
  })
})

describe('a picture that is none of these is left to the careful decoder', () => {
  const photograph = readFileSync(fixture('pixels/turned.jpg'))
  const exif = photograph.indexOf('Exif\0\0')

  it.each([
    ['of inks', readFileSync(fixture('pixels/inks.jpg'))],
    ['of another format', readFileSync(fixture('pixels/grey.png'))],
    ['empty', Buffer.alloc(0)],
    ['cut off in its header', photograph.subarray(0, exif + 20)],
    ['with tags that go beyond their end', changed((bytes) => bytes.writeUInt16BE(0xffff, exif + 14))],
  ])('%s', (_, bytes) => {
    expect(plainJpegHeader(bytes, maxPixels)).toBeUndefined()
  })

  it('of more pixels than are allowed', () => {
    expect(plainJpegHeader(photograph, 10)).toBeUndefined()
  })

  function changed(change: (bytes: Buffer) => void): Buffer {
    const bytes = Buffer.from(photograph)
    change(bytes)
    return bytes
  }
})
