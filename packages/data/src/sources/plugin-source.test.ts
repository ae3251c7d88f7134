import type { Dataset } from '@convzoo/core'
import { type DatasetParts, defineDataset, integer, optional } from '@convzoo/core/define'
import { describe, expect, it } from 'vitest'
import { sourceOf } from './plugin-source.js'

/** How often a split was loaded. */
const loaded: string[] = []

/** Grey pictures of 2×2 whose brightness is their index; every third is of the second class. */
function brightness(count: number) {
  loaded.push(`${count}`)
  return {
    images: Uint8Array.from({ length: count * 4 }, (_, place) => Math.floor(place / 4)),
    shape: [2, 2, 1] as const,
    labels: Array.from({ length: count }, (_, index) => (index % 3 === 0 ? 1 : 0)),
  }
}

const defining = (parts: (count: number) => Omit<DatasetParts, 'classes'>) =>
  defineDataset({
    specification: 'dataset/v1',
    name: 'brightness',
    title: 'brightness',
    options: { count: optional(integer(1), 30) },
    load: ({ count }) => ({ classes: ['most', 'third'], ...parts(count) }),
  })

const whole = defining((count) => ({ train: () => brightness(count) }))
const tested = defining((count) => ({ train: () => brightness(count), test: async () => brightness(6) }))

/** Which pictures a dataset holds: they are told by their brightness. */
async function indicesOf(dataset: Dataset): Promise<readonly number[]> {
  const { images } = await dataset.batch(Array.from({ length: dataset.length }, (_, index) => index))
  const size = images.length / dataset.length
  return Array.from({ length: dataset.length }, (_, row) => Math.round((images[row * size] ?? 0) * 255))
}

const imageShape = [2, 2, 1] as const

describe('the source of a dataset that a plugin defines', () => {
  it('makes its images fit any network, prepared as is asked for', async () => {
    const { classes, name, load } = await sourceOf(tested, { count: 4 })
    expect({ classes, name }).toEqual({ classes: ['most', 'third'], name: 'brightness' })
    const dataset = await load('train', {
      imageShape: [5, 7, 3],
      preprocessing: { resize: 'bilinear', mean: [1], standardDeviation: [0.5] },
    })
    expect(dataset).toMatchObject({ length: 4, imageShape: [5, 7, 3] })
    const { images, targets } = await dataset.batch([2])
    expect(images).toHaveLength(5 * 7 * 3)
    for (const pixel of images) expect(pixel).toBeCloseTo((2 / 255 - 1) / 0.5, 5)
    expect(targets).toEqual(Float32Array.of(1, 0))
  })

  it('prepares images by the statistics of the set where nothing else is said', async () => {
    const preprocessing = { resize: 'bilinear', mean: [0.25], standardDeviation: [1] } as const
    const source = await sourceOf(defining(() => ({ preprocessing, train: () => brightness(9) })))
    expect(source.preprocessing).toEqual(preprocessing)
    const { images } = await (await source.load('train', { imageShape })).batch([0])
    expect(images[0]).toBeLessThan(0)
  })

  it('sets a part of each class aside to validate on, where it is not divided', async () => {
    const { splits, load } = await sourceOf(whole)
    expect(splits).toEqual(['train', 'validation'])
    const train = await indicesOf(await load('train', { imageShape }))
    const validation = await indicesOf(await load('validation', { imageShape }))
    expect(validation.filter((index) => index % 3 === 0)).toHaveLength(2)
    expect(validation).toHaveLength(6)
    expect([...train, ...validation].sort((a, b) => a - b)).toEqual(Array.from({ length: 30 }, (_, index) => index))
    const other = await sourceOf(whole, {}, { splitSeed: 2 })
    expect(await indicesOf(await other.load('validation', { imageShape }))).not.toEqual(validation)
  })

  it('leaves whole what has a split to test on, unless a part is asked for', async () => {
    const { splits, load } = await sourceOf(tested)
    expect(splits).toEqual(['train', 'test'])
    expect(await load('train', { imageShape })).toHaveLength(30)
    expect(await load('test', { imageShape })).toHaveLength(6)
    const divided = await sourceOf(tested, {}, { validationSplit: 0.5 })
    expect(divided.splits).toEqual(['train', 'validation', 'test'])
    expect(await divided.load('validation', { imageShape })).toHaveLength(15)
  })

  it('takes the first so many, and loads a split once', async () => {
    loaded.length = 0
    const { load } = await sourceOf(tested, { count: 12 })
    expect(await indicesOf(await load('train', { imageShape, limit: 3 }))).toEqual([0, 1, 2])
    expect(await load('train', { imageShape: [8, 8, 1] })).toHaveLength(12)
    expect(loaded).toEqual(['12'])
  })

  it('tells data apart by what it holds', async () => {
    const fingerprint = async (count: number, limit: number) =>
      (await (await sourceOf(tested, { count })).load('train', { imageShape, limit })).fingerprint?.()
    expect(await fingerprint(12, 9)).toBe(await fingerprint(10, 9))
    expect(await fingerprint(12, 9)).not.toBe(await fingerprint(12, 8))
  })

  it('hands images on that come as the network wants them', async () => {
    const asked: unknown[] = []
    const own = (labels?: readonly number[]) =>
      defining((count) => ({
        train: (wanted) => {
          asked.push(wanted)
          return {
            specification: 'dataset/v1',
            name: 'own',
            length: count,
            classes: ['most', 'third'],
            imageShape: wanted.imageShape,
            ...(labels === undefined ? {} : { labels }),
            batch: async (indices: ArrayLike<number>) => ({
              images: Float32Array.from(indices, (index) => index / 255),
              targets: new Float32Array(indices.length * 2).fill(0.5),
            }),
            fingerprint: async () => `${count}`,
          }
        },
      }))
    const wanted = { imageShape: [1, 1, 1] } as const
    const { load } = await sourceOf(own(), { count: 10 }, { validationSplit: 0 })
    expect(await indicesOf(await load('train', wanted))).toHaveLength(10)
    expect(await indicesOf(await load('train', { ...wanted, limit: 2 }))).toEqual([0, 1])
    expect(asked).toEqual([wanted, wanted].map((each) => ({ ...each, preprocessing: undefined })))
    const labels = [0, 0, 0, 0, 0, 1, 1, 1, 1, 1]
    const divided = await sourceOf(own(labels), { count: 10 }, { validationSplit: 0.2 })
    const validation = await divided.load('validation', wanted)
    const [first = 0, second = 0] = await indicesOf(validation)
    expect([validation.length, first < 5, second >= 5]).toEqual([2, true, true])
    const train = await divided.load('train', wanted)
    expect(train).toHaveLength(8)
    expect(await train.fingerprint?.()).not.toBe(await validation.fingerprint?.())
    await expect(validation.batch([2])).rejects.toThrow('has no sample 2')
  })

  it('refuses what does not fit', async () => {
    await expect(sourceOf(tested, { size: 3 })).rejects.toThrow('brightness has no option "size"')
    const validated = defining(() => ({ train: () => brightness(6), validation: () => brightness(3) }))
    await expect(sourceOf(validated, {}, { validationSplit: 0.1 })).rejects.toThrow(
      'The option "validationSplit" does not fit brightness, which has images to validate on.',
    )
    const odd = await sourceOf(defining(() => ({ train: () => ({ ...brightness(3), labels: [0, 1] }) })))
    await expect(odd.load('train', { imageShape })).rejects.toThrow('does not have one label for each image')
    const outside = await sourceOf(defining(() => ({ train: () => ({ ...brightness(3), labels: [0, 1, 2] }) })))
    await expect(outside.load('train', { imageShape })).rejects.toThrow('gives sample 2 a label that is not a class')
    await expect((await sourceOf(tested)).load('validation', { imageShape })).rejects.toThrow('has no validation split')
  })
})
