import {
  adamW,
  conv2d,
  dense,
  functionalModel,
  globalAveragePooling2d,
  input,
  type LabelledImages,
  maxPool2d,
} from '@convzoo/core'
import { sourceOf } from '@convzoo/data'
import { onnx } from '@convzoo/engine-onnx'
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
      // The shape is half of white and the ground black.
      const covered = image.reduce((sum, value) => sum + value / 128, 0) / 3
      expect(covered / (size * 0.4) ** 2).toBeCloseTo(1, 1)
    }
  })
})

it('teaches a small network to tell the shapes apart', { timeout: 300_000 }, async () => {
  const { classes, load } = await sourceOf(shapes, { count: 600, testCount: 150, size: 24 })
  expect(classes).toEqual(['circle', 'square', 'triangle'])
  const imageShape = [24, 24, 3] as const
  const [training, test] = [await load('train', { imageShape }), await load('test', { imageShape })]
  const images = input({ shape: imageShape })
  let x = conv2d({ filters: 16, kernelSize: 3, padding: 'same', activation: 'relu' })(images)
  x = maxPool2d({ poolSize: 2 })(x)
  x = conv2d({ filters: 32, kernelSize: 3, padding: 'same', activation: 'relu' })(x)
  x = maxPool2d({ poolSize: 2 })(x)
  x = conv2d({ filters: 32, kernelSize: 3, padding: 'same', activation: 'relu' })(x)
  x = globalAveragePooling2d()(x)
  const model = functionalModel({ inputs: images, output: dense({ units: 3, activation: 'softmax' })(x) })
  const optimizer = adamW({ learningRate: 3e-3 })
  const trainer = new Trainer({ model, engine: onnx({ device: 'cpu' }), optimizer, seed: 1 })
  try {
    await trainer.fit(training, { epochs: 5, batchSize: 25 })
    expect((await trainer.evaluate(test, { batchSize: 50 })).top1).toBeGreaterThan(0.9)
  } finally {
    await trainer.dispose()
  }
})
