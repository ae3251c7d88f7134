import { conv2d, dense, flatten, functionalModel, input } from '@convzoo/core'
import { interpreterEngine } from '@convzoo/core/engine'
import { describe, expect, it } from 'vitest'
import { Trainer } from './node-trainer.js'
import { dataset, optimizer } from './testing/brighter.js'

/** Weights of 1 everywhere: what comes out can be said beforehand. */
const ones = { kernelInitializer: 'ones' } as const

/** Two features of four pixels, each their sum. */
function features() {
  const images = input({ shape: [2, 2, 1] })
  return functionalModel({ inputs: images, output: dense({ units: 2, ...ones })(flatten()(images)), classes: 0 })
}

/** A map [2, 2, 3] of images [2, 2, 1]: each pixel in three channels. */
function map() {
  const images = input({ shape: [2, 2, 1] })
  return functionalModel({ inputs: images, output: conv2d({ filters: 3, kernelSize: 1, ...ones })(images) })
}

const images = Float32Array.of(1, 2, 3, 4, 10, 20, 30, 40, 5, 5, 5, 5)

describe.each([undefined, optimizer()])('a network without classes, with the optimizer %#', (rule) => {
  it('predicts its features, in batches as at once', async () => {
    await using trained = new Trainer({ model: features(), engine: interpreterEngine(), optimizer: rule })
    expect([...(await trained.predict(images))]).toEqual([10, 10, 100, 100, 20, 20])
    expect([...(await trained.predict(images, { batchSize: 2 }))]).toEqual([10, 10, 100, 100, 20, 20])
  })

  it('predicts its map, row by row', async () => {
    await using trained = new Trainer({ model: map(), engine: interpreterEngine(), optimizer: rule })
    const predicted = await trained.predict(images, { batchSize: 2 })
    expect([...predicted]).toEqual([...images].flatMap((pixel) => [pixel, pixel, pixel]))
  })

  it('has nothing to be trained or evaluated on, and says so', async () => {
    await using trained = new Trainer({ model: features(), engine: interpreterEngine(), optimizer: rule })
    const refused = /ends in 2 features, not in classes: there is nothing to train it on/
    await expect(trained.evaluate(dataset(), { batchSize: 2 })).rejects.toThrow(refused)
    await expect(trained.fit(dataset(), { epochs: 1, batchSize: 2 })).rejects.toThrow(refused)
    await using mapped = new Trainer({ model: map(), engine: interpreterEngine(), optimizer: rule })
    await expect(mapped.evaluate(dataset(), { batchSize: 2 })).rejects.toThrow(/\(2, 2, 3\)/)
  })
})
