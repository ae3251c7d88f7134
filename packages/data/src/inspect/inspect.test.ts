import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, describe, expect, it } from 'vitest'
import { imageFolder } from '../sources/index.js'
import { photograph, temporaryFolder, writeFiles } from '../testing/folders.js'
import { contactSheet, sheetLayout } from './contact-sheet.js'
import { inspectImages } from './inspect.js'

const folder = temporaryFolder(afterAll)

const plain = (colour: string): Promise<Buffer> =>
  sharp({ create: { width: 30, height: 20, channels: 3, background: colour } })
    .png()
    .toBuffer()

describe('inspecting a source', () => {
  it('counts classes, sizes, broken files and duplicates, and gives mean and deviation', async () => {
    const black = await plain('#000000')
    const white = await plain('#ffffff')
    const photo = await photograph(50, 40)
    writeFiles(folder, {
      'train/a/black.png': black,
      'train/a/white.png': white,
      'train/b/again.png': white,
      'train/b/broken.jpg': photo.subarray(0, Math.floor(0.8 * photo.length)),
      'val/a/black.png': black,
      'val/b/photo.jpg': photo,
    })
    const report = await inspectImages(await imageFolder(folder))
    expect(report.train).toMatchObject({
      images: 3,
      perClass: { a: 2, b: 1 },
      width: { least: 30, median: 30, most: 30 },
      bad: [{ name: 'b/broken.jpg', reason: 'damaged, or ends too early' }],
    })
    expect(report.validation).toMatchObject({
      images: 2,
      width: { least: 30, median: 50, most: 50 },
      height: { most: 40 },
    })
    expect(report.duplicatesAcross).toEqual([['train: a/black.png', 'validation: a/black.png']])
    expect(report.duplicatesWithin).toEqual([['train: a/white.png', 'train: b/again.png']])
    // Black once and white twice.
    for (const channel of [0, 1, 2]) {
      expect(report.mean[channel]).toBeCloseTo(2 / 3, 6)
      expect(report.standardDeviation[channel]).toBeCloseTo(Math.sqrt(2) / 3, 6)
    }
  })
})

describe('inspecting other splits and files', () => {
  it('reports all splits that there are, and what is no picture apart from what is broken', async () => {
    const root = join(folder, 'three')
    const pictures = await Promise.all([0, 1, 2, 3].map((seed) => photograph(20, 20, seed)))
    const [one = '', two = '', three = '', four = ''] = pictures
    writeFiles(root, {
      'train/a/1.jpg': one,
      'train/b/2.jpg': two,
      'train/b/scan.bmp': 'BM',
      'test/a/3.jpg': three,
      'test/b/4.jpg': four,
      'test/b/again.jpg': one,
      'train/a/1.txt': 'a caption',
      'labels.csv': 'a,b',
    })
    const report = await inspectImages(await imageFolder(root))
    expect(Object.keys(report)).not.toContain('validation')
    expect(report.test).toMatchObject({ images: 3, perClass: { a: 1, b: 2 } })
    expect(report.train.bad).toEqual([{ name: 'b/scan.bmp', reason: expect.stringMatching(/^BMP, which is not read/) }])
    expect(report.train.foreign.map(({ name }) => name)).toEqual(['labels.csv', 'a/1.txt'])
    expect(report.duplicatesAcross).toEqual([['test: b/again.jpg', 'train: a/1.jpg']])
    expect(report.notes).toContainEqual(
      expect.stringMatching(/train a\/1.jpg \(a\)|a\/1.jpg \(a\) = b\/again.jpg \(b\)/),
    )
  })
})

describe('a contact sheet', () => {
  it('shows images as they were before they were normalised', async () => {
    const images = Float32Array.from([0, 51, 255, 102], (byte) => (byte / 255 - 0.5) / 0.25)
    const sheet = await contactSheet(images, {
      shape: [1, 1, 1],
      preprocessing: { resize: 'bilinear', mean: [0.5], standardDeviation: [0.25] },
      columns: 2,
    })
    const { data, info } = await sharp(sheet).raw().toBuffer({ resolveWithObject: true })
    expect([info.width, info.height, info.channels]).toEqual([14, 14, 3])
    const at = (row: number, column: number): number => data[(row * 14 + column) * 3] ?? -1
    expect([at(4, 4), at(4, 9), at(9, 4), at(9, 9)]).toEqual([0, 51, 255, 102])
  })

  it('leaves rows free below its images where a footer is wanted', async () => {
    const options = { shape: [1, 1, 1], columns: 2, footer: 7 } as const
    const preprocessing = { resize: 'bilinear', mean: [0], standardDeviation: [1] } as const
    const sheet = await contactSheet(Float32Array.of(0, 0.2, 1, 0.4), { ...options, preprocessing })
    const { data, info } = await sharp(sheet).raw().toBuffer({ resolveWithObject: true })
    const { width, height, corner } = sheetLayout(4, options)
    expect([info.width, info.height]).toEqual([width, height])
    expect([width, height]).toEqual([14, 28])
    const values = [0, 1, 2, 3].map((index) => data[(corner(index).top * width + corner(index).left) * 3])
    expect(values).toEqual([0, 51, 255, 102])
  })
})
