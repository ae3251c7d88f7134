import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { idxDataset } from '../dataset/index.js'
import { readIdx } from './read-idx.js'

const fixture = (name: string): string =>
  fileURLToPath(new URL(`../fixtures/fashion-mnist/${name}.gz`, import.meta.url))
const images = fixture('t10k-images-idx3-ubyte')
const labels = fixture('t10k-labels-idx1-ubyte')

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'convzoo-idx-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 9 }))

function file(name: string, bytes: Uint8Array): string {
  const path = join(folder, name)
  writeFileSync(path, bytes)
  return path
}

describe('readIdx', () => {
  it('reads the same from a gzipped file and a plain one, whatever their names', async () => {
    const plain = file('pictures.gz', gunzipSync(readFileSync(images)))
    const [a, b] = [await readIdx(images, { dimensions: 3 }), await readIdx(plain, { dimensions: 3 })]
    expect(a.shape).toEqual([500, 28, 28])
    expect(Buffer.from(b.data).equals(Buffer.from(a.data))).toBe(true)
  })

  const header = (type: number, dimensions: readonly number[]): Buffer => {
    const bytes = Buffer.alloc(4 + 4 * dimensions.length)
    bytes[2] = type
    bytes[3] = dimensions.length
    for (const [index, length] of dimensions.entries()) bytes.writeUInt32BE(length, 4 + 4 * index)
    return bytes
  }

  const broken: readonly (readonly [string, Uint8Array])[] = [
    ['an empty file', new Uint8Array()],
    ['a file that is no IDX', Buffer.from('GIF89a and so on and on')],
    ['floats', Buffer.concat([header(0x0d, [1, 1, 1]), Buffer.alloc(4)])],
    ['labels instead of images', Buffer.concat([header(8, [3]), Buffer.alloc(3)])],
    ['a file that is cut off', Buffer.concat([header(8, [2, 2, 2]), Buffer.alloc(7)])],
    ['bytes behind the end', Buffer.concat([header(8, [2, 2, 2]), Buffer.alloc(9)])],
    ['lengths beyond all measure', Buffer.concat([header(8, [0xffffffff, 0xffffffff, 0xffffffff]), Buffer.alloc(9)])],
    [
      'a gzip that is cut off',
      gzipSync(Buffer.concat([header(8, [9, 99, 99]), Buffer.alloc(88209, 7)])).subarray(0, 60),
    ],
  ]

  it.each(broken)('refuses %s and names the file', async (name, bytes) => {
    const path = file(`${name}.idx`, bytes)
    await expect(readIdx(path, { dimensions: 3 })).rejects.toThrow(path)
  })

  it('refuses a file that is not there', async () => {
    await expect(readIdx(join(folder, 'nowhere'), { dimensions: 3 })).rejects.toThrow(/nowhere/)
  })
})

describe('idxDataset', () => {
  it('refuses images and labels that differ in number', async () => {
    const three = file('three', Buffer.from([0, 0, 8, 1, 0, 0, 0, 3, 0, 1, 2]))
    await expect(idxDataset({ images, labels: three, imageShape: [28, 28, 1] })).rejects.toThrow(
      /500[\s\S]*3|3[\s\S]*500/,
    )
  })

  it('refuses a label outside of the classes', async () => {
    await expect(idxDataset({ images, labels, classes: ['top', 'trouser'], imageShape: [28, 28, 1] })).rejects.toThrow(
      /class/,
    )
  })

  it('repeats grey in three channels', async () => {
    const dataset = await idxDataset({ images, labels, imageShape: [28, 28, 3] })
    const { images: pixels } = await dataset.batch([7])
    for (let pixel = 0; pixel < 28 * 28; pixel++) {
      expect(pixels[3 * pixel + 1]).toBe(pixels[3 * pixel])
      expect(pixels[3 * pixel + 2]).toBe(pixels[3 * pixel])
    }
  })
})
