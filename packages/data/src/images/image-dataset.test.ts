import { chmodSync, mkdirSync, readdirSync, rmSync, symlinkSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import type { Preprocessing } from '@convzoo/core'
import { type ImageDatasetOptions, imageDataset, imageFolder } from '@convzoo/data'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fixture, photograph, temporaryFolder, writeFiles } from '../testing/folders.js'

const folder = temporaryFolder(afterAll)
const photographs = join(folder, 'photographs')

beforeAll(async () => {
  const files: Record<string, Buffer> = {}
  for (let index = 0; index < 12; index++) {
    files[`train/${index % 3 === 0 ? 'cat' : 'dog'}/${index}.jpg`] = await photograph(60 + 7 * index, 90 - index, index)
  }
  writeFiles(photographs, files)
})

/** All that draws random numbers, at once. */
const augmented: Preprocessing = {
  resize: 'bilinear',
  shorterSide: 40,
  mean: [0.485, 0.456, 0.406],
  standardDeviation: [0.229, 0.224, 0.225],
  augmentation: [
    { type: 'randomCrop' },
    { type: 'horizontalFlip' },
    { type: 'colorJitter', brightness: 0.4, contrast: 0.4, saturation: 0.4 },
    { type: 'randAugment' },
    { type: 'pcaNoise' },
    { type: 'randomErasing' },
    { type: 'mixup' },
  ],
}

const shape = [32, 32, 3] as const
const size = 32 * 32 * 3
const training = { training: true, seed: 5, epoch: 0 }

async function withDataset<T>(
  options: Partial<ImageDatasetOptions>,
  use: (dataset: ReturnType<typeof imageDataset>) => Promise<T>,
  root = photographs,
): Promise<T> {
  await using dataset = imageDataset((await imageFolder(root, { validationSplit: 0 })).train, {
    imageShape: shape,
    preprocessing: augmented,
    ...options,
  })
  return await use(dataset)
}

describe('batches of photographs', () => {
  it('are bit-identical with 1 and 4 workers', async () => {
    const batches = (workers: number) =>
      withDataset({ workers }, async (dataset) => {
        const made = await Promise.all(
          [
            [0, 1, 2, 3],
            [4, 5, 6, 7],
            [8, 9, 10, 11],
          ].map((indices) => dataset.batch(indices, training)),
        )
        return made.map(({ images, targets }) => [Buffer.from(images.buffer), Buffer.from(targets.buffer)])
      })
    const one = await batches(1)
    expect(await batches(4)).toEqual(one)
    expect(one[0]).not.toEqual(one[1])
  })

  it('depend on seed, epoch and sample, not on the batch that a sample stands in', () =>
    withDataset(
      { preprocessing: { ...augmented, augmentation: augmented.augmentation?.slice(0, -1) ?? [] } },
      async (dataset) => {
        const { images } = await dataset.batch([3, 7], training)
        const alone = await dataset.batch([7], training)
        expect(alone.images).toEqual(images.slice(size))
        const others = [
          { ...training, seed: 6 },
          { ...training, epoch: 1 },
        ]
        for (const other of others) expect((await dataset.batch([7], other)).images).not.toEqual(alone.images)
      },
    ))

  it('are never augmented in an evaluation', () =>
    withDataset({}, async (dataset) => {
      const { images } = await dataset.batch([2, 5])
      expect((await dataset.batch([2, 5], { training: false, seed: 9, epoch: 3 })).images).toEqual(images)
      expect((await dataset.batch([2, 5], training)).images).not.toEqual(images)
    }))

  it('are the centre, normalised, as another decoder sees it', () =>
    withDataset({}, async (dataset) => {
      const { images } = await dataset.batch([0])
      // 0.jpg is 60×90: its shorter side becomes 40, its longer one 60.
      const expected = await sharp(join(photographs, 'train/cat/0.jpg'))
        .resize({ width: 40, height: 60, fit: 'fill', kernel: 'linear' })
        .extract({ left: 4, top: 14, width: 32, height: 32 })
        .raw()
        .toBuffer()
      const { mean, standardDeviation } = augmented
      const seen = Array.from(
        images,
        (value, at) => 255 * (value * (standardDeviation[at % 3] ?? 1) + (mean[at % 3] ?? 0)),
      )
      expect(seen.every((value) => Math.abs(value - Math.round(value)) < 1e-3)).toBe(true)
      const apart = seen.map((value, at) => Math.abs(value - (expected[at] ?? 0)))
      // Decoders round differently.
      expect(Math.max(...apart)).toBeLessThan(3.5)
      expect(apart.reduce((sum, value) => sum + value, 0) / apart.length).toBeLessThan(0.5)
    }))

  it('are the same pixels whichever decoder reads them, to the rounding', async () => {
    const files = {
      'train/a/baseline.jpg': await photograph(400, 300, 5),
      'train/a/progressive.jpg': await sharp(await photograph(400, 300, 5))
        .jpeg({ quality: 95, progressive: true })
        .toBuffer(),
      // After its end comes what cameras append: only the careful decoder takes it.
      'train/a/trailing.jpg': Buffer.concat([await photograph(400, 300, 5), Buffer.alloc(100)]),
    }
    const root = join(folder, 'decoders')
    writeFiles(root, files)
    await withDataset(
      {},
      async (dataset) => {
        const { images } = await dataset.batch([0, 1, 2])
        const apart = (other: number): number => {
          const differences = images
            .subarray(0, size)
            .map((value, at) => Math.abs(value - (images[other * size + at] ?? 0)))
          return Math.max(...differences)
        }
        // A level of 255 is 0.017 to 0.018 after normalisation.
        expect(apart(1)).toBeLessThan(12 * 0.018)
        expect(apart(2)).toBeLessThan(3.5 * 0.018)
      },
      root,
    )
  })

  it('fill memory that was given back', () =>
    withDataset({ workers: 1 }, async (dataset) => {
      const first = await dataset.batch([0, 1])
      const { buffer } = first.images
      dataset.recycle(first)
      const second = await dataset.batch([2, 3])
      expect(second.images.buffer).toBe(buffer)
      expect(second.images.length).toBe(2 * size)
    }))

  it('give ten crops: five places and their mirror images', () =>
    withDataset({}, async (dataset) => {
      const views = await Promise.all(
        Array.from(
          { length: 10 },
          async (_, view) => (await dataset.batch([4], { ...training, training: false, view })).images,
        ),
      )
      expect(new Set(views.map((images) => Buffer.from(images.buffer).toString('base64'))).size).toBe(10)
      const mirrored = Float32Array.from({ length: size }, (_, at) => {
        const row = Math.floor(at / 96)
        const column = Math.floor((at % 96) / 3)
        return views[1]?.[row * 96 + (31 - column) * 3 + (at % 3)] ?? 0
      })
      expect(views[6]).toEqual(mirrored)
    }))
})

describe('odd images', () => {
  const plain: Preprocessing = { resize: 'bilinear', mean: [0], standardDeviation: [1] }

  async function pixelsOf(name: string, shorter = 32): Promise<Float32Array> {
    const listing = {
      name: 'odd',
      classes: ['odd'],
      images: [{ path: fixture(`odd-images/${name}`), name, label: 0 }],
      refused: [],
    }
    await using dataset = imageDataset(listing, {
      imageShape: [shorter, shorter, 3],
      preprocessing: plain,
      onBadImage: 'fail',
    })
    return (await dataset.batch([0])).images
  }

  const distance = (one: Float32Array, other: Float32Array): number =>
    one.reduce((sum, value, at) => sum + Math.abs(value - (other[at] ?? 0)), 0) / one.length

  it('are turned as EXIF says: all eight orientations look like the one without', async () => {
    const upright = await pixelsOf('orientation_0.jpg')
    for (let orientation = 1; orientation <= 8; orientation++) {
      expect(distance(await pixelsOf(`orientation_${orientation}.jpg`), upright), `${orientation}`).toBeLessThan(0.03)
    }
    expect(distance(upright, upright.slice().reverse())).toBeGreaterThan(0.06)
  })

  it('in four inks look like their reference decoding', async () => {
    expect(distance(await pixelsOf('video-001.cmyk.jpeg'), await pixelsOf('video-001.cmyk.png'))).toBeLessThan(0.002)
  })

  it('in grey are the same in every channel', async () => {
    for (const name of ['video-005.gray.q50.jpeg', 'basn0g01.png', 'gray-gradient.interlaced.png']) {
      const images = await pixelsOf(name)
      for (let at = 0; at < images.length; at += 3)
        expect([images[at + 1], images[at + 2]]).toEqual([images[at], images[at]])
      expect(new Set(images).size).toBeGreaterThan(1)
    }
  })

  it('of 16 bits span the same range as of 8', async () => {
    const images = await pixelsOf('basn2c16.png')
    expect(Math.max(...images)).toBeGreaterThan(0.9)
    expect(images.reduce((sum, value) => sum + value, 0) / images.length).toBeGreaterThan(0.2)
  })

  it('are white where they are transparent', async () => {
    // basn6a16.png fades from transparent at its left edge to opaque.
    const images = await pixelsOf('basn6a16.png')
    expect(images[0]).toBeGreaterThan(0.9)
  })

  it('that are animated give their first frame', async () => {
    expect(new Set(await pixelsOf('triangle-001.gif')).size).toBeGreaterThan(1)
  })
})

describe('images that cannot be used', () => {
  const odd = join(folder, 'odd')

  beforeAll(async () => {
    const good = await photograph(50, 60)
    const huge = await sharp({ create: { width: 20_000, height: 30, channels: 3, background: '#246' } })
      .png()
      .toBuffer()
    // A bomb: 80 megapixels of one colour in few bytes.
    const bomb = await sharp({ create: { width: 10_000, height: 8_000, channels: 3, background: '#000' } })
      .jpeg({ quality: 10 })
      .toBuffer()
    writeFiles(odd, {
      'a/good.jpg': good,
      'a/truncated.jpg': good.subarray(0, good.length >> 1),
      'a/empty.jpg': '',
      'a/text.jpg': 'this is no image',
      'a/png-by-content.jpg': await sharp(good).png().toBuffer(),
      'a/one-pixel.png': await sharp({ create: { width: 1, height: 1, channels: 3, background: '#f00' } })
        .png()
        .toBuffer(),
      'a/wide.png': huge,
      'a/bomb.jpg': bomb,
      'a/script.svg': '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>',
      'a/svg-as.png': '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image href="/etc/passwd"/></svg>',
      'a/gone.jpg': good,
      'a/shrunk.jpg': good,
      'b/Ünïcødé 猫.jpg': good,
      'b/deep/er/nested.jpg': good,
      'c/notes.txt': 'no class of images',
    })
    mkdirSync(join(odd, 'empty'))
    if (process.platform !== 'win32') {
      symlinkSync(join(odd, 'a'), join(odd, 'b/loop'))
      symlinkSync(join(odd, 'b'), join(odd, 'b/deep/back'))
      symlinkSync(join(odd, 'nowhere'), join(odd, 'b/dangling.jpg'))
    }
  })

  it('are counted, named and skipped, and nothing stops', async () => {
    const { train } = await imageFolder(odd, { validationSplit: 0 })
    expect(train.classes).toEqual(['a', 'b'])
    await using dataset = imageDataset(train, { imageShape: shape, preprocessing: augmented, maxBad: 100, workers: 2 })
    rmSync(join(odd, 'a/gone.jpg'))
    truncateSync(join(odd, 'a/shrunk.jpg'), 300)
    const {
      images,
      targets,
      skipped = [],
    } = await dataset.batch(
      Array.from({ length: dataset.length }, (_, index) => index),
      training,
    )
    expect(images.every(Number.isFinite)).toBe(true)
    expect(targets.length).toBe(2 * dataset.length)
    const reasons = Object.fromEntries(dataset.badImages.map(({ name, reason }) => [name, reason]))
    const below = (name: string) => `a/${name}`
    expect(reasons).toMatchObject({
      [below('truncated.jpg')]: 'damaged, or ends too early',
      [below('empty.jpg')]: 'empty file',
      [below('text.jpg')]: expect.stringContaining('unsupported image format'),
      [below('bomb.jpg')]: expect.stringMatching(/pixel limit/),
      [below('svg-as.png')]: expect.stringMatching(/^SVG, which is not read: convert it/),
      [below('gone.jpg')]: 'no such file',
      [below('script.svg')]: expect.stringMatching(/^SVG, which is not read: convert it/),
    })
    // Windows lets only a few make links.
    if (process.platform !== 'win32') {
      expect(reasons).toMatchObject({
        'b/dangling.jpg': 'a link to nothing',
        'b/deep/back/': 'a link that leads back to a folder above it',
      })
    }
    expect(train.foreign).toEqual([
      { name: 'c/notes.txt', reason: 'not an image by its name and its first bytes' },
      { name: 'c/', reason: 'a class with no image' },
      { name: 'empty/', reason: 'a class with no image' },
    ])
    for (const good of ['a/good.jpg', 'a/png-by-content.jpg', 'a/one-pixel.png', 'a/wide.png', 'b/Ünïcødé 猫.jpg']) {
      expect(reasons[good], good).toBeUndefined()
    }
    expect(skipped.length).toBeGreaterThanOrEqual(7)
  })

  it('end a run that allows none, with the name and the reason', async () => {
    const { train } = await imageFolder(odd, { validationSplit: 0 })
    const listing = { ...train, refused: [] }
    await using strict = imageDataset(listing, { imageShape: shape, onBadImage: 'fail' })
    const index = train.images.findIndex(({ name }) => name === 'a/truncated.jpg')
    await expect(strict.batch([index])).rejects.toMatchObject({
      kind: 'data',
      message: expect.stringContaining('a/truncated.jpg'),
    })
    await using some = imageDataset(listing, { imageShape: shape, maxBad: 1 })
    const all = Array.from({ length: train.images.length }, (_, each) => each)
    await expect(some.batch(all)).rejects.toThrow(/2 images of odd cannot be used/)
  })

  it.skipIf(process.platform === 'win32')(
    'that may not be read are named (Windows has no modes of files)',
    async () => {
      const path = join(odd, 'b/deep/er/nested.jpg')
      chmodSync(path, 0)
      try {
        await using dataset = imageDataset((await imageFolder(odd, { validationSplit: 0 })).train, {
          imageShape: shape,
          maxBad: 100,
        })
        const all = Array.from({ length: dataset.length }, (_, index) => index)
        await dataset.batch(all)
        const reason = dataset.badImages.find(({ name }) => name.endsWith('nested.jpg'))?.reason
        // The superuser may read everything.
        expect(reason).toBe(process.getuid?.() === 0 ? undefined : 'permission denied')
      } finally {
        chmodSync(path, 0o644)
      }
    },
  )

  it('do not change the order or the classes of the others', async () => {
    expect(readdirSync(join(photographs, 'train')).sort()).toEqual(['cat', 'dog'])
    const { train } = await imageFolder(photographs, { validationSplit: 0 })
    expect(train.images.map(({ name }) => name)).toEqual([...train.images.map(({ name }) => name)].sort())
  })
})
