import {
  type Batch,
  type BatchPurpose,
  type Dataset,
  dense,
  flatten,
  functionalModel,
  input,
  sgdw,
} from '@convzoo/core'
import { interpreterEngine } from '@convzoo/core/engine'
import { describe, expect, it } from 'vitest'
import { Trainer } from '../node-trainer.js'

/** Eight samples of one pixel, of two classes; the batch that holds `broken` says that it could not be read. */
function watched({ broken }: { broken?: number } = {}) {
  const asked: (BatchPurpose | undefined)[] = []
  const given: Batch[] = []
  const returned: Batch[] = []
  const dataset: Dataset = {
    specification: 'dataset/v1',
    name: 'watched',
    length: 8,
    classes: ['dark', 'bright'],
    imageShape: [1, 1, 1],
    async batch(indices, purpose) {
      asked.push(purpose)
      const row = broken === undefined ? -1 : Array.from(indices).indexOf(broken)
      const batch = {
        images: Float32Array.from(indices, (index) => index % 2),
        targets: Float32Array.from(Array.from(indices).flatMap((index) => (index % 2 === 0 ? [1, 0] : [0, 1]))),
        ...(row < 0 ? {} : { skipped: [row] }),
      }
      given.push(batch)
      return batch
    },
    recycle: (batch) => void returned.push(batch),
  }
  return { dataset, asked, given, returned }
}

function trainer(): Trainer {
  const images = input({ shape: [1, 1, 1] })
  const output = dense({ units: 2, activation: 'softmax' })(flatten()(images))
  return new Trainer({
    model: functionalModel({ inputs: images, output }),
    engine: interpreterEngine(),
    optimizer: sgdw({ weightDecay: 0, momentum: 0, learningRate: 0.1 }),
    seed: 7,
  })
}

describe('the batches of a run', () => {
  it('are asked for with seed and epoch in training, and for evaluation without augmentation', async () => {
    const { dataset, asked } = watched()
    await using trained = trainer()
    await trained.fit(dataset, { epochs: 2, batchSize: 4 })
    expect(asked).toEqual([0, 0, 1, 1].map((epoch) => ({ training: true, seed: 7, epoch })))
    await trained.evaluate(dataset, { batchSize: 8 })
    expect(asked.at(-1)?.training ?? false).toBe(false)
  })

  it('of the next epoch are begun while one is validated', async () => {
    const { dataset, asked } = watched()
    const epochsAskedFor: number[] = []
    const validation: Dataset = {
      ...watched().dataset,
      batch: (indices) => {
        epochsAskedFor.push(Math.max(...asked.map((purpose) => purpose?.epoch ?? 0)))
        return watched().dataset.batch(indices)
      },
    }
    await using trained = trainer()
    await trained.fit(dataset, { epochs: 3, batchSize: 4, validation })
    expect(epochsAskedFor).toEqual([1, 1, 2, 2, 2, 2])
  })

  it('go back to the dataset after their step', async () => {
    const { dataset, given, returned } = watched()
    await using trained = trainer()
    await trained.fit(dataset, { epochs: 1, batchSize: 4 })
    expect(returned.map(({ images }) => images)).toEqual(given.map(({ images }) => images))
  })

  it('count only images that could be read in an evaluation', async () => {
    await using trained = trainer()
    const whole = await trained.evaluate(watched().dataset, { batchSize: 4 })
    const part = await trained.evaluate(watched({ broken: 3 }).dataset, { batchSize: 4 })
    expect([whole.samples, part.samples]).toEqual([8, 7])
    expect(part.confusion.flat().reduce((sum, count) => sum + count, 0)).toBe(7)
    expect(part.confusion[1]?.reduce((sum, count) => sum + count, 0)).toBe(3)
  })
})
