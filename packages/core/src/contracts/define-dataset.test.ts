import { describe, expect, expectTypeOf, it } from 'vitest'
import { described, integer, jsonSchemaOf, type OptionsOf, optional } from '../options/index.js'
import { errorOf } from '../testing/error-of.js'
import {
  type Dataset,
  type DatasetParts,
  defineDataset,
  isDatasetDefinition,
  type LabelledImages,
  type SplitLoader,
} from './index.js'

const halves = defineDataset({
  specification: 'dataset/v1',
  name: 'halves',
  title: 'images that are dark or light',
  options: { count: described('images to train on', optional(integer(2), 4)) },
  load: ({ count }) => ({
    classes: ['dark', 'light'],
    preprocessing: { resize: 'bilinear', mean: [0.5], standardDeviation: [0.5] },
    train: () => half(count),
    test: async () => half(2),
  }),
})

function half(count: number): LabelledImages {
  const labels = Array.from({ length: count }, (_, index) => index % 2)
  return { images: Uint8Array.from(labels, (label) => 255 * label), shape: [1, 1, 1], labels }
}

/** A dataset that a split gives as the network wants it. */
const lazy = (parts: object): Dataset => ({
  specification: 'dataset/v1',
  name: 'lazy',
  length: 2,
  classes: ['dark', 'light'],
  imageShape: [2, 2, 1],
  batch: async () => ({ images: new Float32Array(4), targets: Float32Array.of(1, 0) }),
  ...parts,
})

/** A definition whose train split is what JavaScript may give. */
const loading = (train: unknown, parts: object = {}) =>
  defineDataset({
    specification: 'dataset/v1',
    name: 'odd',
    title: 'odd',
    options: {},
    load: () => ({ classes: ['dark', 'light'], train: (() => train) as SplitLoader, ...parts }) as DatasetParts,
  })

const wanted = { imageShape: [2, 2, 1] } as const

describe('a dataset that a plugin defines', () => {
  it('says which classes and splits it has, and gives their images by its options', async () => {
    const dataset = await halves({ count: 3 })
    expect(dataset).toMatchObject({
      specification: 'dataset/v1',
      name: 'halves',
      classes: ['dark', 'light'],
      splits: ['train', 'test'],
      preprocessing: { mean: [0.5] },
    })
    expect(await dataset.load('train', wanted)).toEqual({
      images: Uint8Array.of(0, 255, 0),
      shape: [1, 1, 1],
      labels: [0, 1, 0],
    })
    expect(await (await halves.make({})).load('train', wanted)).toHaveProperty('labels', [0, 1, 0, 1])
  })

  it('loads a split when it is asked for, and none before', async () => {
    const loaded: string[] = []
    const watched = defineDataset({
      specification: 'dataset/v1',
      name: 'watched',
      title: 'watched',
      options: {},
      load: async () => ({
        classes: ['a', 'b'],
        train: ({ imageShape }) => {
          loaded.push(`train ${imageShape}`)
          return half(2)
        },
        validation: () => half(2),
      }),
    })
    const { load, splits } = await watched()
    expect([splits, loaded]).toEqual([['train', 'validation'], []])
    await load('train', wanted)
    expect(loaded).toEqual(['train 2,2,1'])
  })

  it('may give images as the network wants them', async () => {
    const dataset = lazy({})
    expect(await (await loading(dataset)()).load('train', wanted)).toBe(dataset)
  })

  it('is data: names, titles, and its options with what they are for', () => {
    expect({ ...halves }).toMatchObject({ specification: 'dataset/v1', name: 'halves', title: expect.any(String) })
    expect(jsonSchemaOf(halves.options)).toMatchObject({
      properties: { count: { type: 'integer', minimum: 2, default: 4, description: 'images to train on' } },
    })
    expectTypeOf<OptionsOf<typeof halves>['count']>().toEqualTypeOf<number | undefined>()
    expect(isDatasetDefinition(halves)).toBe(true)
    expect(isDatasetDefinition(() => halves())).toBe(false)
  })

  it('refuses options that it does not have, or that do not fit', async () => {
    await expect(halves({ count: 1 })).rejects.toThrow('The option "count" of halves')
    await expect(halves.make({ size: 3 })).rejects.toThrow('halves has no option "size"')
  })

  it('refuses a split that it does not have', async () => {
    const { load } = await halves()
    await expect(load('validation', wanted)).rejects.toMatchObject({ kind: 'data', expected: 'train or test' })
  })

  it.each([
    ['no images', undefined, /"images" of the train split of the dataset odd/],
    ['images as a list', { ...half(2), images: [0, 1] }, /"images" of the train split[\s\S]*Float32Array\.from/],
    ['no shape', { ...half(2), shape: [1, 1] }, /"shape" of the train split/],
    ['no labels', { ...half(2), labels: 'dark' }, /"labels" of the train split/],
    ['a part that nobody knows', { ...half(2), size: 1 }, /has no option "size"/],
    [
      'another contract',
      lazy({ specification: 'dataset/v2' }),
      /The train split of the dataset odd follows a contract/,
    ],
    ['other classes', lazy({ classes: ['light', 'dark'] }), /odd has other classes than it says[\s\S]*dark, light/],
    ['another shape', lazy({ imageShape: [1, 1, 1] }), /odd has images of another shape than was asked for/],
    ['no shape at all', lazy({ imageShape: undefined }), /odd has images of another shape than was asked for/],
  ])('refuses a split that gives %s', async (_, train, message) => {
    const { load } = await loading(train)()
    await expect(load('train', wanted)).rejects.toThrow(message)
  })

  it.each([
    ['no classes', { classes: [] }, /"classes" of what the dataset odd loads/],
    ['a class named twice', { classes: ['a', 'a'] }, /"classes" of what the dataset odd loads/],
    ['no images to train on', { train: undefined }, /"train" of what the dataset odd loads/],
    ['arrays where a function loads them', { test: half(2) }, /"test" of what the dataset odd loads/],
    ['a split that nobody knows', { holdout: () => half(2) }, /has no option "holdout"/],
  ])('refuses a set with %s', async (_, parts, message) => {
    await expect(loading(half(2), parts)()).rejects.toThrow(message)
  })

  it('of another contract is refused', () => {
    const given: unknown = { specification: 'dataset/v2', name: 'x', title: 'x', options: {}, load: () => {} }
    expect(errorOf(() => defineDataset(given as Parameters<typeof defineDataset>[0])).kind).toBe('specification')
  })
})
