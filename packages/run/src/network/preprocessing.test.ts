import { alexnet } from '@convzoo/alexnet'
import { alexnetTwoTower } from '@convzoo/alexnet-twotower'
import { type Architecture, imagenetPreprocessing } from '@convzoo/core'
import { arrayDataset, mnistPreprocessing } from '@convzoo/data'
import { nin } from '@convzoo/nin'
import { zfnet } from '@convzoo/zfnet'
import { describe, expect, it } from 'vitest'
import { type PreprocessingSettings, preprocessingOf } from './preprocessing.js'

const photographs = {
  images: {
    train: { name: 'photographs', classes: [], images: [], refused: [] },
    notes: [],
  },
}
const digits = { preprocessing: mnistPreprocessing }
const unknownDigits = {}

const ofNetwork = (architecture: Architecture) => {
  const [[tagName, tag] = []] = Object.entries(architecture.tags)
  if (tagName === undefined || tag === undefined) throw new Error('an architecture without a tag')
  return { architecture, tagName, tag }
}

/** AlexNet's, at 67 × 67. */
const of = (settings: PreprocessingSettings, source: Parameters<typeof preprocessingOf>[2]) =>
  preprocessingOf(settings, ofNetwork(alexnet), source, [67, 67, 3])

const typesOf = ({ augmentation = [] }: ReturnType<typeof of>) => augmentation.map(({ type }) => type)

describe('the preprocessing of a run', () => {
  it("on photographs is the network's own", () => {
    const own = of({}, photographs)
    expect(own).toMatchObject({ ...imagenetPreprocessing, shorterSide: 76 })
    expect(typesOf(own)).toEqual(['randomCrop', 'horizontalFlip', 'pcaNoise'])
    expect(of({ augment: 'paper' }, photographs)).toEqual(own)
    expect(of({ shorterSide: 90 }, photographs)).toEqual({ ...own, shorterSide: 90 })
    expect(of({ augment: 'none' }, photographs)).toEqual({ ...own, augmentation: [] })
    expect(of({ augment: 'horizontalFlip' }, photographs)).toEqual({
      ...own,
      augmentation: [{ type: 'horizontalFlip' }],
    })
  })

  it('on images in memory is what is known of their set, unless more is asked for', () => {
    expect(of({}, digits)).toEqual(mnistPreprocessing)
    expect(of({}, unknownDigits)).toEqual(imagenetPreprocessing)
    expect(of({ shorterSide: 76 }, digits)).toEqual({ ...mnistPreprocessing, shorterSide: 76 })
    const paper = of({ augment: 'paper' }, digits)
    expect(paper).toMatchObject({ ...mnistPreprocessing, shorterSide: 76 })
    expect(typesOf(paper)).toEqual(['randomCrop', 'horizontalFlip', 'pcaNoise'])
    expect(of({ augment: 'randomCrop' }, digits)).toMatchObject({ shorterSide: 76 })
    for (const augment of ['modern', 'none', 'randomCrop:padding=4']) {
      expect(of({ augment }, digits)).not.toHaveProperty('shorterSide')
    }
  })

  it('on images in memory keeps the range of bytes for a network whose weights start for it', () => {
    const tagName = 'paper2012-single'
    const network = { architecture: alexnet, tagName, tag: alexnet.tags[tagName] }
    for (const input of [
      [67, 67, 1],
      [67, 67, 3],
    ] as const) {
      const { mean, standardDeviation } = preprocessingOf({}, network, digits, input)
      expect({ mean, standardDeviation }).toEqual({ mean: mnistPreprocessing.mean, standardDeviation: [1 / 255] })
    }
  })

  it('of a network that declares no augmentation has none, and none of a paper', () => {
    const network = ofNetwork({
      ...nin,
      tags: { plain: { ...nin.tags.notebook, preprocessing: imagenetPreprocessing } },
    })
    expect(preprocessingOf({}, network, photographs, [227, 227, 3])).toEqual(imagenetPreprocessing)
    expect(preprocessingOf({ augment: 'randomCrop' }, network, photographs, [227, 227, 3])).toMatchObject({
      shorterSide: 256,
    })
    expect(() => preprocessingOf({ augment: 'paper' }, network, photographs, [227, 227, 3])).toThrow(
      /nin.plain declares no augmentation[\s\S]*--augment modern/,
    )
  })

  it.each([alexnet, alexnetTwoTower, zfnet, nin].map((architecture) => [architecture.name, architecture] as const))(
    'that %s declares makes batches at any input',
    async (_, architecture) => {
      for (const input of [
        [227, 227, 3],
        [67, 67, 1],
        [80, 120, 3],
      ] as const) {
        const shape = [90, 100, input[2]] as const
        const dataset = arrayDataset({
          images: Uint8Array.from({ length: 90 * 100 * input[2] }, (_value, at) => (at * 31) % 256),
          shape,
          labels: [0],
          imageShape: input,
          preprocessing: preprocessingOf({}, ofNetwork(architecture), photographs, input),
        })
        const seen = await dataset.batch([0], { training: true, seed: 1, epoch: 0 })
        const again = await dataset.batch([0], { training: true, seed: 1, epoch: 1 })
        const evaluated = await dataset.batch([0])
        for (const { images } of [seen, again, evaluated]) expect(images.every(Number.isFinite)).toBe(true)
        expect(seen.images).not.toEqual(again.images)
      }
    },
  )
})
