import { createHash } from 'node:crypto'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import type { Augmentation, Batch, ImageShape, Preprocessing } from '@convzoo/core'
import { type CacheKind, type ImageDataset, type ImageDatasetOptions, imageDataset, imageFolder } from '@convzoo/data'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { fixture, photograph, temporaryFolder, writeFiles } from '../testing/folders.js'

const folder = temporaryFolder(afterAll)
const photographs = join(folder, 'photographs')
const odd = [
  'orientation_6.jpg',
  'orientation_7.jpg',
  'video-001.cmyk.jpeg',
  'video-005.gray.q50.jpeg',
  'video-001.5bpp.gif',
  'basn2c16.png',
  'basn3p08-trns.png',
  'basn6a16.png',
]

beforeAll(async () => {
  const files: Record<string, Buffer> = {}
  for (let index = 0; index < 6; index++) files[`a/${index}.jpg`] = await photograph(60 + 17 * index, 90 - index, index)
  for (const name of odd) files[`b/${name}`] = readFileSync(fixture(`odd-images/${name}`))
  writeFiles(photographs, files)
  // Of whole seconds, so that a time can be set again.
  for (const name of Object.keys(files)) utimesSync(join(photographs, name), 1e9, 1e9)
})

let count = 0
beforeEach(() => {
  process.env.CONVZOO_CACHE = join(folder, `cache-${count++}`)
})
afterEach(() => {
  delete process.env.CONVZOO_CACHE
})

const pictures = (): string => join(process.env.CONVZOO_CACHE ?? '', 'pictures')

/** The files of the cache, in the order of their names. */
const cachedFiles = (): readonly string[] =>
  readdirSync(pictures(), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()

const sizeOf = (files: readonly string[]): number => files.reduce((sum, file) => sum + statSync(file).size, 0)

const shape: ImageShape = [32, 32, 3]
const rgb = { mean: [0.485, 0.456, 0.406], standardDeviation: [0.229, 0.224, 0.225] }
const colours: readonly Augmentation[] = [
  { type: 'horizontalFlip' },
  { type: 'colorJitter', brightness: 0.4, contrast: 0.4, saturation: 0.4 },
  { type: 'randAugment' },
  { type: 'randomErasing' },
  { type: 'mixup' },
]
const cropped: Preprocessing = {
  ...rgb,
  resize: 'bilinear',
  shorterSide: 40,
  augmentation: [{ type: 'randomCrop' }, { type: 'pcaNoise' }, ...colours],
}
const resizedAnew: Preprocessing = {
  ...rgb,
  resize: 'bilinear',
  shorterSide: 40,
  augmentation: [{ type: 'randomResizedCrop' }, ...colours],
}

type Options = Partial<ImageDatasetOptions>

async function withDataset<T>(options: Options, use: (dataset: ImageDataset) => Promise<T>): Promise<T> {
  await using dataset = imageDataset((await imageFolder(photographs, { validationSplit: 0 })).train, {
    imageShape: shape,
    preprocessing: cropped,
    onBadImage: 'fail',
    ...options,
  })
  return await use(dataset)
}

/** The sum of batches, to compare them by. */
const sumOf = (batches: readonly Batch[]): string => {
  const sum = createHash('sha256')
  for (const { images, targets } of batches) {
    for (const { buffer, byteOffset, byteLength } of [images, targets])
      sum.update(Buffer.from(buffer, byteOffset, byteLength))
  }
  return sum.digest('hex')
}

/** An epoch, three batches at a time, in an order of its own. */
async function epochOf(dataset: ImageDataset, epoch: number): Promise<string> {
  const order = Array.from({ length: dataset.length }, (_, index) => (index * 5 + epoch) % dataset.length)
  const batches = [order.slice(0, 3), order.slice(3, 8), order.slice(8)]
  const purpose = { training: true, seed: 5, epoch }
  return sumOf(await Promise.all(batches.map((indices) => dataset.batch(indices, purpose))))
}

/** All views of an evaluation. */
async function viewsOf(dataset: ImageDataset): Promise<string> {
  const all = Array.from({ length: dataset.length }, (_, index) => index)
  const views: Batch[] = []
  for (const view of [undefined, 3, 9]) {
    const purpose = view === undefined ? undefined : { training: false, seed: 5, epoch: 0, view }
    views.push(await dataset.batch(all, purpose))
  }
  return sumOf(views)
}

/** Three epochs with an evaluation in between. */
const runOf = (options: Options): Promise<readonly string[]> =>
  withDataset(options, async (dataset) => [
    await epochOf(dataset, 0),
    await epochOf(dataset, 1),
    await viewsOf(dataset),
    await epochOf(dataset, 2),
  ])

/** Room for some of the pictures. */
const someBytes = 40_000

/** Caches that keep some, with one worker and with several. */
const caches: readonly (readonly [CacheKind, Options])[] = [
  ['memory', { workers: 2, cacheBytes: someBytes }],
  ['disk', { workers: 1, cacheBytes: someBytes }],
]

describe('images from a cache of decoded pictures', () => {
  it.each<[string, Options]>([
    ['all augmentations of crops', {}],
    [
      'padded crops of whole pictures',
      { preprocessing: { ...cropped, augmentation: [{ type: 'randomCrop', padding: 4 }, ...colours] } },
    ],
    [
      'whole pictures',
      { preprocessing: { ...rgb, resize: 'bilinear', augmentation: [{ type: 'horizontalFlip' }, { type: 'cutmix' }] } },
    ],
    [
      'grey',
      {
        imageShape: [32, 32, 1],
        preprocessing: {
          ...cropped,
          mean: [0.4],
          standardDeviation: [0.2],
          augmentation: [{ type: 'randomCrop' }, ...colours],
        },
      },
    ],
    ['wide inputs', { imageShape: [24, 64, 3], preprocessing: { ...cropped, shorterSide: 70 } }],
    ['without shrinking on load', { shrinkOnLoad: false }],
  ])('are byte for byte those without: %s', async (_, options) => {
    const expected = await runOf({ ...options, workers: 1 })
    for (const [cache, more] of caches) {
      expect(
        await runOf({ ...options, ...more, cache, onWarning: () => undefined }),
        `${cache}, ${JSON.stringify(more)}`,
      ).toEqual(expected)
    }
  })

  it('are the same whether they were kept or not, where each sample has a size of its own', async () => {
    const options: Options = { preprocessing: resizedAnew, onWarning: () => undefined }
    const expected = await runOf({ ...options, cache: 'memory', workers: 1 })
    for (const [cache, more] of caches) expect(await runOf({ ...options, ...more, cache }), cache).toEqual(expected)
    // A resumed run has none of them yet.
    const resumed = await withDataset({ ...options, cache: 'memory' }, (dataset) => epochOf(dataset, 2))
    expect(resumed).toEqual(expected[3])
    // What is evaluated is what it is without a cache.
    expect((await runOf(options))[2]).toEqual(expected[2])
  })
})

describe('a cache in memory', () => {
  it('decodes a picture once, and says once that it is full', async () => {
    const path = join(photographs, 'a', '0.jpg')
    const original = readFileSync(path)
    const lines: string[] = []
    const read = (cacheBytes: number) =>
      withDataset(
        { cache: 'memory', cacheBytes, maxBad: 9, onBadImage: 'skip', onWarning: (line) => lines.push(line) },
        async (dataset) => {
          await viewsOf(dataset)
          writeFileSync(path, 'no image')
          await viewsOf(dataset)
          writeFileSync(path, original)
          return dataset.badImages.length
        },
      )
    expect(await read(2 ** 30)).toBe(0)
    expect(lines).toEqual([])
    expect(await read(100)).toBe(1)
    expect(lines).toEqual([expect.stringMatching(/cache of decoded images is full[\s\S]*--cache-size/)])
  })
})

describe('a cache on disk', () => {
  const disk = { cache: 'disk', workers: 1 } as const
  const firstEpoch = (options: Options = {}): Promise<string> =>
    withDataset({ ...disk, ...options }, (dataset) => epochOf(dataset, 0))
  const path = () => join(photographs, 'a', '3.jpg')

  /** Runs with a file of other bytes in a picture's place, of the same size and time: what is seen then was kept. */
  async function withoutPicture<T>(use: () => Promise<T>): Promise<T> {
    const original = readFileSync(path())
    writeFileSync(path(), Buffer.alloc(original.length))
    utimesSync(path(), 1e9, 1e9)
    try {
      return await use()
    } finally {
      writeFileSync(path(), original)
      utimesSync(path(), 1e9, 1e9)
    }
  }

  it('serves later runs, which need not decode', async () => {
    const expected = await firstEpoch({ workers: 2 })
    expect(cachedFiles().length).toBe(14)
    expect(await withoutPicture(() => firstEpoch())).toEqual(expected)
    await expect(withoutPicture(() => firstEpoch({ shrinkOnLoad: false }))).rejects.toThrow(/a\/3.jpg/)
  })

  it('tells pictures apart that lie in one file', async () => {
    const archive = join(folder, 'archive.bin')
    const parts = [await photograph(50, 60, 1), await photograph(50, 60, 2)]
    writeFileSync(archive, Buffer.concat(parts))
    const [first = Buffer.alloc(0), second = Buffer.alloc(0)] = parts
    const images = [
      { path: archive, offset: 0, length: first.length, name: 'first', label: 0 },
      { path: archive, offset: first.length, length: second.length, name: 'second', label: 0 },
    ]
    const listing = { name: 'archive', classes: ['one'], images, refused: [] }
    const read = async (cache: CacheKind): Promise<string> => {
      await using dataset = imageDataset(listing, { imageShape: shape, preprocessing: cropped, cache })
      return sumOf([await dataset.batch([0, 1]), await dataset.batch([1])])
    }
    const expected = await read('none')
    expect(await read('disk')).toBe(expected)
    expect(cachedFiles().length).toBe(2)
    expect(await read('disk')).toBe(expected)
  })

  it('does not serve a picture whose file has changed', async () => {
    const original = readFileSync(path())
    const before = await firstEpoch()
    writeFileSync(path(), await photograph(70, 80, 99))
    utimesSync(path(), 1e9, 1e9)
    const ofOtherSize = await firstEpoch()
    expect(ofOtherSize).not.toEqual(before)
    expect(ofOtherSize).toEqual(await firstEpoch({ cache: 'none' }))
    writeFileSync(path(), original)
    utimesSync(path(), 1e9, 1e9 + 2)
    expect(await firstEpoch()).toEqual(before)
    expect(cachedFiles().length).toBe(16)
    utimesSync(path(), 1e9, 1e9)
  })

  it.each<[string, (file: string, other: string) => void]>([
    ['cut off', (file) => truncateSync(file, statSync(file).size >> 1)],
    ['empty', (file) => truncateSync(file, 0)],
    [
      'damaged',
      (file) => {
        const bytes = readFileSync(file)
        bytes[bytes.length - 9] = 1 + (bytes.at(-9) ?? 0)
        writeFileSync(file, bytes)
      },
    ],
    ["another picture's", (file, other) => copyFileSync(other, file)],
  ])('replaces a file that is %s, and never believes it', async (_, harm) => {
    const expected = await firstEpoch()
    const files = cachedFiles()
    const whole = files.map((file) => readFileSync(file))
    const kept = join(folder, `kept-${count}`)
    copyFileSync(files[0] ?? '', kept)
    for (const file of files.slice(1)) harm(file, kept)
    expect(files.slice(1).every((file, at) => readFileSync(file).equals(whole[at + 1] ?? Buffer.alloc(0)))).toBe(false)
    expect(await firstEpoch({ workers: 2 })).toEqual(expected)
    expect(cachedFiles().map((file) => readFileSync(file))).toEqual(whole)
  })

  it('is bounded over all runs', async () => {
    const lines: string[] = []
    const options: Options = { workers: 2, cacheBytes: someBytes, onWarning: (line) => lines.push(line) }
    await firstEpoch(options)
    const files = cachedFiles()
    expect(files.length).toBeGreaterThan(2)
    expect(files.length).toBeLessThan(14)
    expect(sizeOf(files)).toBeLessThanOrEqual(someBytes)
    await firstEpoch({ ...options, preprocessing: resizedAnew })
    expect(sizeOf(cachedFiles())).toBeLessThanOrEqual(someBytes)
    expect(lines).toEqual([expect.stringContaining('is full'), expect.stringContaining('is full')])
    // In which order pictures come decides whether one of the other size still had room.
    const ofOtherSize = cachedFiles().length - files.length
    await firstEpoch()
    expect(cachedFiles().length).toBe(14 + ofOtherSize)
  })

  it('that cannot be made, or written to any more, costs one line and nothing else', async () => {
    const lines: string[] = []
    const onWarning = (line: string) => lines.push(line)
    const expected = await firstEpoch({ cache: 'none' })
    mkdirSync(dirname(pictures()), { recursive: true })
    writeFileSync(pictures(), 'a file in the way')
    expect(await firstEpoch({ onWarning })).toEqual(expected)
    expect(lines).toEqual([expect.stringContaining(`No more decoded images of photographs are kept in ${pictures()}:`)])
    rmSync(pictures())
    const [first, second] = await withDataset({ ...disk, onWarning }, async (dataset) => {
      await dataset.batch([0, 1])
      rmSync(pictures(), { recursive: true })
      writeFileSync(pictures(), 'a file in the way')
      return [await epochOf(dataset, 0), await epochOf(dataset, 0)]
    })
    expect([first, second]).toEqual([expected, expected])
    expect(lines.length).toBe(2)
    expect(lines[1]).toContain(pictures())
  })

  it('keeps nothing of images that cannot be used, whose reasons are those without', async () => {
    const broken = join(photographs, 'b')
    const names = ['x-empty.jpg', 'x-text.jpg', 'x-truncated.jpg']
    const whole = readFileSync(path())
    const contents = ['', 'no image', whole.subarray(0, whole.length >> 1)]
    names.forEach((name, at) => {
      writeFileSync(join(broken, name), contents[at] ?? '')
    })
    try {
      const badWith = (cache: CacheKind) =>
        withDataset({ cache, onBadImage: 'skip', maxBad: 9 }, async (dataset) => {
          await epochOf(dataset, 0)
          await viewsOf(dataset)
          return dataset.badImages
        })
      const expected = await badWith('none')
      expect(expected.map(({ name }) => name)).toEqual(names.map((name) => `b/${name}`))
      expect(await badWith('memory')).toEqual(expected)
      expect(await badWith('disk')).toEqual(expected)
      expect(cachedFiles().length).toBe(14)
    } finally {
      for (const name of names) rmSync(join(broken, name))
    }
  })
})

describe('the options of a cache', () => {
  it.each<[Options, RegExp]>([
    [{ cacheBytes: 5 }, /"cacheBytes"[\s\S]*without a "cache"/],
    [{ cache: 'memory', cacheBytes: -1 }, /"cacheBytes"[\s\S]*above 0/],
    [JSON.parse('{"cache":"tape"}'), /"cache"[\s\S]*"none", "memory", "disk"/],
  ])('%j is refused', async (options, message) => {
    const { train } = await imageFolder(photographs)
    expect(() => imageDataset(train, { imageShape: shape, ...options })).toThrow(message)
    expect(existsSync(pictures())).toBe(false)
  })
})
