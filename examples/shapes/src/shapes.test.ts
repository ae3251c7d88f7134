import {
  conv2d,
  dense,
  functionalModel,
  globalAveragePooling2d,
  input,
  type LabelledImages,
  maxPool2d,
  sgd,
} from '@convzoo/core'
import { interpreterEngine } from '@convzoo/core/interpreter'
import { sourceOf } from '@convzoo/data'
import { Trainer } from '@convzoo/trainer'
import { describe, expect, it } from 'vitest'
import { draw, shapes as drawn, drawsPerPicture } from './draw.js'
import { shapes } from './shapes.js'

async function drawings(options: Parameters<typeof shapes>[0], split: 'train' | 'test' = 'train') {
  const { load } = await shapes(options)
  return (await load(split, { imageShape: [32, 32, 3] })) as LabelledImages
}

describe('the drawings', () => {
  it('are as many of each class, in bytes, of the size that is asked for', async () => {
    const { images, shape, labels } = await drawings({ count: 9, size: 16 })
    expect(shape).toEqual([16, 16, 3])
    expect(images).toHaveLength(9 * 16 * 16 * 3)
    expect(Array.from(labels)).toEqual([0, 1, 2, 0, 1, 2, 0, 1, 2])
    expect(await drawings({ testCount: 4 }, 'test')).toHaveProperty('labels.length', 4)
  })

  it('are the same for a seed, others for another, and others in the test', async () => {
    const { images } = await drawings({ count: 3 })
    expect((await drawings({ count: 6 })).images.subarray(0, images.length)).toEqual(images)
    expect((await drawings({ count: 3, seed: 2 })).images).not.toEqual(images)
    expect((await drawings({ testCount: 3 }, 'test')).images).not.toEqual(images)
  })

  it.each(Object.keys(drawn))('show a whole %s of its area, wherever it lies', (name) => {
    const size = 90
    const outline = drawn[name] ?? (() => false)
    for (const [turn, x, y] of [
      [0, 0, 0],
      [0.3, 1, 0],
      [0.8, 0.5, 1],
    ] as const) {
      const draws = new Float64Array(drawsPerPicture)
      draws.set([0.5, x, y, turn, 0, 0, 0, 0, 0, 0])
      const image = new Uint8Array(size * size * 3)
      draw(image, size, outline, draws)
      // The shape is black and the ground a third of white.
      const dark = image.reduce((sum, value) => sum + (1 - value / 85), 0) / 3
      expect(dark / (size * 0.4) ** 2).toBeCloseTo(1, 1)
    }
  })
})

it('teaches a small network to tell the shapes apart', { timeout: 300_000 }, async () => {
  const { classes, load } = await sourceOf(shapes, { count: 180, testCount: 60 })
  expect(classes).toEqual(['circle', 'square', 'triangle'])
  const imageShape = [16, 16, 3] as const
  const [training, test] = [await load('train', { imageShape }), await load('test', { imageShape })]
  const images = input({ shape: imageShape })
  let x = conv2d({ filters: 8, kernelSize: 3, padding: 'same', activation: 'relu' })(images)
  x = maxPool2d({ poolSize: 2 })(x)
  x = conv2d({ filters: 12, kernelSize: 3, padding: 'same', activation: 'relu' })(x)
  x = globalAveragePooling2d()(x)
  const model = functionalModel({ inputs: images, output: dense({ units: 3, activation: 'softmax' })(x) })
  const trainer = new Trainer({
    model,
    engine: interpreterEngine(),
    optimizer: sgd({ learningRate: 0.1, momentum: 0.9 }),
  })
  try {
    await trainer.fit(training, { epochs: 8, batchSize: 20 })
    const { top1 } = await trainer.evaluate(test, { batchSize: 20 })
    console.log('TOP1', top1)
  } finally {
    await trainer.dispose()
  }
})
