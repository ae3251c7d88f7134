import { readdirSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { temporaryFolder, writeFiles } from '../testing/folders.js'
import { measured } from '../testing/measured.js'
import { openData } from './open-data.js'

const folder = temporaryFolder(afterAll)
const cache = join(folder, 'cache')
const most = 256

/** Eight megabytes of zeros, packed: a gzip file may be many, one behind the other. */
let zeros: Buffer = Buffer.alloc(0)
beforeAll(() => {
  zeros = gzipSync(Buffer.alloc(2 ** 23))
})

/** A gzip file of some bytes and so many times eight megabytes of zeros. */
const packed = (start: Uint8Array, times: number): Buffer =>
  Buffer.concat([gzipSync(start), ...Array.from({ length: times }, () => zeros)])

const idxHeader = (...shape: readonly number[]): Buffer => {
  const bytes = Buffer.alloc(4 + 4 * shape.length)
  bytes.writeUInt32BE(0x800 + shape.length, 0)
  for (const [axis, length] of shape.entries()) bytes.writeUInt32BE(length, 4 + 4 * axis)
  return bytes
}

/** What reading a file as IDX images with labels beside them prints, in a process of its own. */
const idx = (images: string, labels: string, options = '') =>
  measured(`const dataset = await data.idxDataset({ images: ${JSON.stringify(images)}, labels: ${JSON.stringify(labels)}, ${options} })
    const { targets } = await dataset.batch([0, dataset.length - 1])
    console.log(dataset.length, dataset.classes.length, targets.length)`)

const tars = (path: string) =>
  measured(
    `const { train } = await data.tarShards(${JSON.stringify(path)})
    console.log(train.images.length)`,
    { CONVZOO_CACHE: cache },
  )

describe('four gigabytes in four megabytes', () => {
  const images = 5_349_877
  const paths = () => {
    const [imagePath, labelPath] = [join(folder, 'bomb-images.gz'), join(folder, 'bomb-labels.gz')]
    writeFileSync(imagePath, packed(idxHeader(images, 28, 28), 500))
    writeFileSync(labelPath, gzipSync(Buffer.concat([idxHeader(images), Buffer.alloc(images)])))
    return [imagePath, labelPath] as const
  }

  it.each(['', 'limit: 8'])('of IDX are refused by name, however little of them is wanted: %s', (options) => {
    const [imagePath, labelPath] = paths()
    const { output, megabytes } = idx(imagePath, labelPath, options)
    expect(output).toContain(`file ${imagePath} unpacks to more than can be meant.`)
    expect(megabytes).toBeLessThan(most)
  })

  it('of IDX are refused, where one image has them all', () => {
    const [imagePath, labelPath] = paths()
    writeFileSync(imagePath, packed(idxHeader(8, 25_000, 20_000), 500))
    writeFileSync(labelPath, Buffer.concat([idxHeader(8), Buffer.alloc(8)]))
    const { output, megabytes } = idx(imagePath, labelPath, 'limit: 8')
    expect(output).toContain(`file ${imagePath} unpacks to more than can be meant.`)
    expect(megabytes).toBeLessThan(most)
  })

  it.each(['a.tar.gz', 'b.tgz'])('of a tar are refused, and nothing of them stays: %s', (name) => {
    const path = join(folder, name)
    writeFileSync(path, packed(Buffer.alloc(512), 375))
    const { output, megabytes } = tars(path)
    expect(output).toContain(`file ${path} unpacks to more than can be meant.`)
    expect(output).toMatch(/expected: at most \d{9} bytes/)
    expect(megabytes).toBeLessThan(most)
    expect(readdirSync(join(cache, 'unpacked'))).toEqual([])
  })
})

describe('large files that hold nothing', () => {
  /** A file of so many bytes that takes no room on the disk. */
  const sparse = (name: string, bytes: number, start: Uint8Array = new Uint8Array()): string => {
    const path = join(folder, name)
    writeFileSync(path, start)
    truncateSync(path, bytes)
    return path
  }

  it('of IDX are read as far as "limit" says, and no further', () => {
    const images = 10_000_000
    const imagePath = sparse('sparse-images', 16 + images * 784, idxHeader(images, 28, 28))
    const labelPath = sparse('sparse-labels', 8 + images, idxHeader(images))
    const { output, megabytes } = idx(imagePath, labelPath, 'limit: 8')
    expect(output).toBe('8 1 2\n')
    expect(megabytes).toBeLessThan(most)
    expect(idx(imagePath, labelPath).output).toContain(`file ${imagePath} is too large to be held in memory at once.`)
  })

  it('of IDX are refused where they have fewer bytes than their header claims', () => {
    const path = sparse('short-images', 16 + 59_999 * 784, idxHeader(60_000, 28, 28))
    const { output, megabytes } = measured(`await data.readIdx(${JSON.stringify(path)}, { dimensions: 3 })`)
    expect(output).toContain(`file ${path} ends too early.`)
    expect(megabytes).toBeLessThan(most)
  })

  it('of CIFAR are refused by name', () => {
    const root = join(folder, 'cifar')
    writeFiles(root, { 'batches.meta.txt': 'cat\ndog' })
    for (const name of ['data_batch_1', 'data_batch_2', 'data_batch_3', 'data_batch_4', 'data_batch_5', 'test_batch']) {
      sparse(`cifar/${name}.bin`, name === 'data_batch_3' ? 3073 * 3_254_149 : 3073)
    }
    const { output, megabytes } = measured(`await data.cifar(${JSON.stringify(root)}, { split: 'train', limit: 1 })`)
    expect(output).toContain(`file ${join(root, 'data_batch_3.bin')} is too large.`)
    expect(megabytes).toBeLessThan(most)
  })

  it('of tar are refused by name', () => {
    const path = sparse('zeros.tar', 2 ** 40)
    const { output, megabytes } = tars(path)
    expect(output).toContain(path)
    expect(megabytes).toBeLessThan(most)
  })
})

describe('a packed tar', () => {
  it.each([
    ['that is cut off', gzipSync(Buffer.alloc(100_000, 7)).subarray(0, 60), /ends too early|unexpected end/],
    [
      'that is damaged',
      Buffer.concat([gzipSync(Buffer.alloc(9)).subarray(0, 10), Buffer.alloc(99, 0xff)]),
      /invalid|damaged/,
    ],
    [
      'that has a wrong sum',
      Buffer.from(gzipSync(Buffer.alloc(9)).map((byte, at, all) => (at === all.length - 8 ? byte ^ 1 : byte))),
      /check/,
    ],
  ])('%s is refused by name, and nothing of it stays', async (_, bytes, reason) => {
    process.env.CONVZOO_CACHE = join(folder, 'cache-of-damages')
    const path = join(folder, 'damaged.tar.gz')
    writeFileSync(path, bytes)
    await expect(openData(path)).rejects.toMatchObject({
      kind: 'file',
      sentence: `${path} is gzipped, but cannot be unpacked.`,
      received: expect.stringMatching(reason),
    })
    expect(readdirSync(join(folder, 'cache-of-damages/unpacked'))).toEqual([])
  })

  it('may have the longest name that a disk takes', async () => {
    process.env.CONVZOO_CACHE = join(folder, 'cache-of-long-names')
    const path = join(folder, `${'長'.repeat(80)}.tar.gz`)
    writeFileSync(path, gzipSync(Buffer.alloc(1024)))
    await expect(openData(path)).rejects.toMatchObject({ kind: 'data' })
    expect(readdirSync(join(folder, 'cache-of-long-names/unpacked'))).toHaveLength(1)
  })

  it('makes the cache lose what killed processes left there an hour ago, and no more', async () => {
    process.env.CONVZOO_CACHE = join(folder, 'cache-of-remains')
    const unpacked = join(folder, 'cache-of-remains/unpacked')
    writeFiles(unpacked, { 'old.tar.part-1': 'x', 'new.tar.part-2': 'x', 'old.tar': 'x', 'old-folder.part-3/x': 'x' })
    const before = (statSync(unpacked).mtimeMs - 3_700_000) / 1000
    for (const name of ['old.tar.part-1', 'old.tar', 'old-folder.part-3'])
      utimesSync(join(unpacked, name), before, before)
    const path = join(folder, 'again.tar.gz')
    writeFileSync(path, 'x')
    writeFileSync(path, gzipSync(Buffer.alloc(9)).subarray(0, 12))
    await expect(openData(path)).rejects.toThrow(path)
    expect(readdirSync(unpacked).sort()).toEqual(['new.tar.part-2', 'old.tar'])
  })
})

describe.runIf(process.platform === 'linux')('a cache folder that cannot be made', () => {
  it('is refused at once, by name', () => {
    const path = join(folder, 'small.tar.gz')
    writeFileSync(path, gzipSync(Buffer.alloc(1024)))
    const { output } = measured(`await data.tarShards(${JSON.stringify(path)})`, {
      CONVZOO_CACHE: '/proc/convzoo/cache',
    })
    expect(output).toContain('file The folder /proc/convzoo/cache/unpacked cannot be made.')
  })
})
