import { readFileSync } from 'node:fs'
import type { Augmentation, BatchPurpose } from '@convzoo/core'
import { describe, expect, it } from 'vitest'
import { arrayDataset } from '../index.js'
import { transform, translate } from './affine.js'
import {
  adjustBrightness,
  adjustContrast,
  adjustSaturation,
  adjustSharpness,
  autoContrast,
  equalize,
  posterize,
  solarize,
} from './colour.js'
import { drawsOf } from './draws.js'
import { finisherOf } from './finisher.js'
import type { Pixels } from './image.js'
import { imagenetColours, pcaOffsets } from './pca-noise.js'

interface Reference {
  readonly height: number
  readonly width: number
  readonly image: readonly number[]
  readonly cases: Readonly<Record<string, readonly number[]>>
  readonly equalized: { readonly image: readonly number[]; readonly expected: readonly number[] }
}

const reference: Reference = JSON.parse(readFileSync(new URL('../fixtures/augmentation.json', import.meta.url), 'utf8'))

const operations: Readonly<Record<string, (image: Pixels, value: number) => void>> = {
  brightness: adjustBrightness,
  contrast: adjustContrast,
  saturation: adjustSaturation,
  sharpness: adjustSharpness,
  posterize,
  solarize,
  autoContrast,
}

const purpose = (epoch = 0): BatchPurpose => ({ training: true, seed: 1, epoch })

describe('operations on colours', () => {
  it.each(Object.entries(reference.cases).filter(([name]) => !name.startsWith('equalize')))(
    '%s is what Pillow does',
    (name, expected) => {
      const [operation = '', value] = name.split(' ')
      const { height, width } = reference
      const image = { data: Uint8Array.from(reference.image), height, width, channels: 3 }
      operations[operation]?.(image, Number(value))
      const distance = Math.max(...expected.map((byte, at) => Math.abs(byte - (image.data[at] ?? -1))))
      // Pillow computes in single precision: where a value falls on a whole number, ours may be one more or less.
      expect(distance).toBeLessThanOrEqual(1)
      const same = expected.filter((byte, at) => byte === image.data[at]).length
      expect(same / expected.length).toBeGreaterThan(0.95)
    },
  )

  it('equalizing is what Pillow does', () => {
    const image = { data: Uint8Array.from(reference.equalized.image), height: 40, width: 40, channels: 3 }
    equalize(image)
    expect([...image.data]).toEqual(reference.equalized.expected)
  })
})

describe('operations that move pixels', () => {
  const moved = (data: Uint8Array) => {
    const image = { data, height: 7, width: 9, channels: 3 }
    transform(image, translate(2, 1))
    adjustSharpness(image, 1.5)
    return [...image.data]
  }

  it('read the picture as it was, also from the memory of a Buffer', () => {
    const bytes = Uint8Array.from(reference.image)
    const result = moved(bytes.slice())
    expect(moved(Buffer.from(bytes))).toEqual(result)
    const image = { data: Buffer.from(bytes), height: 7, width: 9, channels: 3 }
    transform(image, translate(2, 1))
    // Row 0, column 0 now shows row 1, column 2; beyond the right border lies grey.
    expect([...image.data.subarray(0, 3)]).toEqual(reference.image.slice(33, 36))
    expect([...image.data.subarray(24, 27)]).toEqual([128, 128, 128])
  })
})

describe('PCA noise', () => {
  it('adds what the paper says: normal, along the eigenvectors, in proportion to the eigenvalues', () => {
    const count = 4000
    const projections = Array.from({ length: count }, (_, sample) => {
      const offsets = pcaOffsets({ type: 'pcaNoise' }, drawsOf(purpose(), 'pca', sample), 3)
      return imagenetColours.eigenvectors.map((vector) =>
        vector.reduce((sum, part, channel) => sum + part * (offsets[channel] ?? 0), 0),
      )
    })
    imagenetColours.eigenvalues.forEach((eigenvalue, index) => {
      const values = projections.map((each) => each[index] ?? 0)
      const mean = values.reduce((sum, value) => sum + value, 0) / count
      const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count)
      expect(deviation / (0.1 * eigenvalue)).toBeCloseTo(1, 1)
      expect(Math.abs(mean)).toBeLessThan((4 * 0.1 * eigenvalue) / Math.sqrt(count))
    })
  })
})

describe('PCA noise of a grey picture', () => {
  it('is what a colour picture would get, in the mean', async () => {
    const preprocessing = {
      resize: 'bilinear',
      mean: [0],
      standardDeviation: [1],
      augmentation: [{ type: 'pcaNoise' }],
    } as const
    const of = async (channels: 1 | 3) => {
      const images = new Uint8Array(channels).fill(100)
      const { images: seen } = await arrayDataset({
        images,
        shape: [1, 1, channels],
        labels: [0],
        preprocessing,
      }).batch([0], purpose())
      return seen.reduce((sum, value) => sum + value, 0) / channels
    }
    expect(await of(1)).toBeCloseTo(await of(3), 6)
    expect(await of(1)).not.toBeCloseTo(100 / 255, 4)
  })
})

describe('images in memory', () => {
  const shape = [4, 4, 1] as const
  const images = Uint8Array.from({ length: 64 * 16 }, (_, at) => ((at % 16) + 1) * 10)
  const dataset = (...augmentation: readonly Augmentation[]) =>
    arrayDataset({
      images,
      shape,
      labels: Array.from({ length: 64 }, (_, index) => index % 2),
      preprocessing: { resize: 'bilinear', mean: [0], standardDeviation: [1 / 255], augmentation },
    })
  const all = Array.from({ length: 64 }, (_, index) => index)

  it('are shifted by up to the padding, over black, and mirrored half of the time', async () => {
    const batch = await dataset({ type: 'randomCrop', padding: 1 }).batch(all, purpose())
    const firsts = new Set(Array.from({ length: 64 }, (_, row) => Math.round(batch.images[row * 16 + 5] ?? 0)))
    // The pixel that was at (1, 1), its neighbours, never anything further away.
    expect([...firsts].sort((a, b) => a - b)).toEqual([10, 20, 30, 50, 60, 70, 90, 100, 110])
    const flipped = await dataset({ type: 'horizontalFlip' }).batch(all, purpose())
    const mirrored = all.filter((row) => Math.round(flipped.images[row * 16] ?? 0) === 40).length
    expect(mirrored).toBeGreaterThan(16)
    expect(mirrored).toBeLessThan(48)
  })

  it('are mixed in pairs whose targets say by how much', async () => {
    for (const type of ['mixup', 'cutmix'] as const) {
      const { images: mixed, targets } = await dataset({ type, alpha: 1 }).batch([0, 1], purpose())
      const share = targets[0] ?? 0
      expect(share).toBeGreaterThan(0)
      expect([targets[1], targets[2], targets[3]].map((value) => value?.toFixed(5))).toEqual(
        [1 - share, 1 - share, share].map((value) => value.toFixed(5)),
      )
      expect(mixed.length).toBe(32)
    }
  })

  it('are the same for the same epoch and other ones in the next', async () => {
    const augmentation = [{ type: 'randomResizedCrop' }, { type: 'randomErasing' }, { type: 'randAugment' }] as const
    const of = async (epoch: number) => [...(await dataset(...augmentation).batch(all, purpose(epoch))).images]
    expect(await of(3)).toEqual(await of(3))
    expect(await of(3)).not.toEqual(await of(4))
  })

  it('may have a mean image subtracted', async () => {
    const mean = Array.from({ length: 16 }, (_, at) => ((at + 1) * 10) / 255)
    const plain = arrayDataset({
      images,
      shape,
      labels: all,
      preprocessing: { resize: 'bilinear', mean, standardDeviation: [1] },
    })
    expect(Math.max(...(await plain.batch([0])).images.map(Math.abs))).toBeLessThan(1e-6)
  })
})

describe('declared augmentation', () => {
  const of = (...augmentation: readonly unknown[]) =>
    JSON.parse(JSON.stringify({ resize: 'bilinear', mean: [0], standardDeviation: [1], augmentation }))

  it.each([
    ['an unknown one', of({ type: 'blur' }), /one of randomCrop/],
    ['an unknown option', of({ type: 'randomCrop', size: 3 }), /randomCrop.size[\s\S]*options of randomCrop: padding/],
    ['a probability above 1', of({ type: 'horizontalFlip', probability: 2 }), /probability[\s\S]*from 0 to 1/],
    ['an area upside down', of({ type: 'randomResizedCrop', area: [1, 0.5] }), /area/],
    [
      'two places to cut',
      of({ type: 'randomCrop' }, { type: 'randomResizedCrop' }),
      /one of randomCrop and randomResizedCrop/,
    ],
    ['a shorter side below the input', { ...of(), shorterSide: 20 }, /shorterSide[\s\S]*at least/],
    ['a mean of two numbers', { ...of(), mean: [1, 2] }, /mean[\s\S]*3 numbers/],
    [
      'noise of two channels',
      of({ type: 'pcaNoise', eigenvalues: [1], eigenvectors: [[1, 1]] }),
      /3 channels[\s\S]*received: "2 channels/,
    ],
  ])('that is wrong is an error: %s', (_, preprocessing, message) => {
    expect(() => finisherOf([32, 32, 3], preprocessing)).toThrow(message)
  })
})
