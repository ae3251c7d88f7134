import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { imageFiles } from '../sources/index.js'
import { photograph } from '../testing/folders.js'
import { readBytes } from './read-bytes.js'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'convzoo-formats-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true, maxRetries: 9 }))

const latin = (text: string): Buffer => Buffer.concat([Buffer.from(text, 'latin1'), Buffer.alloc(600)])
const box = (brands: string): Buffer => latin(`\0\0\0\x20ftyp${brands}`)

/** Beginnings of files, by the formats' specifications. */
const beginnings: readonly (readonly [string, Buffer, string])[] = [
  ['bmp', latin('BM\x46\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0'), 'BMP'],
  ['bmp', latin('BM\x46\0\0\0\0\0\0\0\x8a\0\0\0\x7c\0\0\0'), 'BMP'],
  ['heic', box('heic\0\0\0\0mif1heic'), 'HEIC'],
  ['heif', box('mif1\0\0\0\0mif1heic'), 'HEIC'],
  ['heic', box('msf1\0\0\0\0msf1hevc'), 'HEIC'],
  ['jxl', latin('\xff\x0a\xfa\x1f'), 'JPEG XL'],
  ['jxl', latin('\0\0\0\x0cJXL \x0d\x0a\x87\x0a'), 'JPEG XL'],
  ['jp2', latin('\0\0\0\x0cjP  \x0d\x0a\x87\x0a'), 'JPEG 2000'],
  ['j2k', latin('\xff\x4f\xff\x51\0\x2f'), 'JPEG 2000'],
  ['ico', latin('\0\0\x01\0\x01\0\x10\x10'), 'ICO'],
  ['psd', latin('8BPS\0\x01'), 'PSD'],
  ['cr2', latin('II*\0\x10\0\0\0CR\x02\0'), 'a raw photograph'],
  ['cr3', box('crx \0\0\0\x01crx isom'), 'a raw photograph'],
  ['raf', latin('FUJIFILMCCD-RAW 0201'), 'a raw photograph'],
  ['svg', latin('<?xml version="1.0"?>\n<!-- made -->\n<svg xmlns="x">'), 'SVG'],
  ['ppm', latin('P6\n# a comment\n2 2\n255\n'), 'PNM'],
  ['dcm', Buffer.concat([Buffer.alloc(128), latin('DICM')]), 'DICOM'],
  ['exr', latin('\x76\x2f\x31\x01\x02'), 'OpenEXR'],
]

/** What a folder with this file in it holds. */
function kindOf(name: string, contents: Buffer | string): string {
  writeFileSync(join(folder, name), contents)
  const { images, refused, foreign = [] } = imageFiles([folder], ['x'])
  rmSync(join(folder, name))
  if (images.length === 1) return 'image'
  return refused[0]?.reason ?? (foreign.length === 1 ? 'foreign' : 'nothing')
}

describe('formats that are known, but not read', () => {
  it.each(beginnings)(
    '.%s is refused with how to convert it, by its name and by its content',
    (extension, bytes, name) => {
      const reason = new RegExp(`^${name}, which is not read: convert it, as by \`.+\`$`)
      expect(kindOf(`1.${extension.toUpperCase()}`, 'anything')).toMatch(reason)
      expect(kindOf('without-extension', bytes)).toMatch(reason)
      const path = join(folder, 'wrongly-called.jpg')
      writeFileSync(path, bytes)
      expect(() => readBytes({ path })).toThrow(reason)
    },
  )

  it.each(['tga', 'pcx', 'j2c', 'hdr', 'nef'])('.%s is refused by its name', (extension) => {
    expect(kindOf(`1.${extension}`, 'anything')).toMatch(/, which is not read: convert it/)
  })

  it.each(['nef', 'arw', 'dng'])(
    '.%s is a TIFF by its first bytes, of which only a preview would be seen',
    (extension) => {
      expect(kindOf(`1.${extension}`, latin('II*\0\x08\0\0\0'))).toMatch(/^a raw photograph, which is not read/)
    },
  )

  it('give a picture where one of those read is called so', async () => {
    expect(kindOf('really-a-jpeg.heic', await photograph(8, 8))).toBe('image')
    const avif = await sharp(await photograph(16, 16))
      .avif()
      .toBuffer()
    expect(kindOf('picture', avif)).toBe('image')
    expect(kindOf('text.txt', 'BMW is a maker of cars')).toBe('foreign')
    expect(kindOf('clip.mp4', box('isom\0\0\0\0isomavc1'))).toBe('foreign')
    expect(kindOf('page.html', '<html><svg></svg></html>')).toBe('foreign')
  })

  it('are none of those that are read', async () => {
    const picture = sharp(await photograph(16, 16))
    for (const format of ['jpeg', 'png', 'webp', 'gif', 'tiff', 'avif'] as const) {
      const path = join(folder, `picture.${format}`)
      writeFileSync(path, await picture.clone().toFormat(format).toBuffer())
      expect(readBytes({ path }).length).toBeGreaterThan(0)
    }
  })
})
