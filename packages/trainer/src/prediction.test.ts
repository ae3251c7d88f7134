import type { Engine } from '@convzoo/core'
import { interpreterEngine, type Program } from '@convzoo/core/engine'
import { describe, expect, it } from 'vitest'
import { topClasses } from './prediction.js'
import { predictionSizes } from './prediction-sizes.js'
import { dataset, trainer } from './testing/brighter.js'

/** An engine, and the programs that it was given. */
function watchedEngine(): { readonly engine: Engine; readonly compiled: readonly Program[] } {
  const compiled: Program[] = []
  const engine = interpreterEngine({ precision: 'float32' })
  const compile: Engine['compile'] = (program, how) => {
    compiled.push(program)
    return engine.compile(program, how)
  }
  return { engine: { ...engine, compile }, compiled }
}

describe('predict', () => {
  it('finds the classes that were learned, image by image, whatever the batches', async () => {
    await using trained = trainer()
    await trained.fit(dataset(), { epochs: 20, batchSize: 4 })
    const { images } = await dataset().batch([0, 1, 2, 3, 4])
    const probabilities = await trained.predict(images)
    const rows = Array.from({ length: 5 }, (_, row) => probabilities.subarray(2 * row, 2 * row + 2))
    expect(rows.map((row) => topClasses(row, 1)[0]?.index)).toEqual([0, 1, 0, 1, 0])
    for (const [first = 0, last = 0] of rows) expect(first + last).toBeCloseTo(1, 5)
    expect(await trained.predict(images, { batchSize: 2 })).toEqual(probabilities)
  })

  it('refuses what is no whole image', async () => {
    await using trained = trainer()
    await expect(trained.predict(new Float32Array(6))).rejects.toThrow(/multiple of 4 values[\s\S]*6 values/)
    await expect(trained.predict(new Float32Array(0))).rejects.toThrow(/0 values/)
  })
})

describe('topClasses', () => {
  it('lists the most probable first, and of equal ones the lower index', () => {
    expect(topClasses([0.2, 0.3, 0.3, 0.1], 3)).toEqual([
      { index: 1, probability: 0.3 },
      { index: 2, probability: 0.3 },
      { index: 0, probability: 0.2 },
    ])
    expect(topClasses([1], 5)).toHaveLength(1)
  })
})

describe('predictions of ever other numbers of images', () => {
  it('need few compiled sizes, and give for each image what it gives alone', async () => {
    const { engine, compiled } = watchedEngine()
    await using trained = trainer([], 1, { engine })
    const images = Float32Array.from({ length: 4 * 40 }, (_, index) => (index % 7) / 7)
    const alone: number[] = []
    for (let image = 0; image < 40; image++) {
      alone.push(...(await trained.predict(images.subarray(4 * image, 4 * image + 4))))
    }
    for (const batchSize of [undefined, 1, 3, 16, 40, 1000]) {
      for (let count = 1; count <= 40; count++) {
        const some = images.subarray(0, 4 * count)
        const given = await trained.predict(some, batchSize === undefined ? {} : { batchSize })
        expect(given).toEqual(Float32Array.from(alone.slice(0, 2 * count)))
      }
    }
    const sizes = compiled.map(({ functions }) => Object.keys(functions).filter((name) => name.startsWith('predict/')))
    expect(compiled.length).toBeLessThanOrEqual(5)
    expect(Math.max(...sizes.map((names) => names.length))).toBeLessThanOrEqual(4)
  })

  it('in batches have at most as many images at a time as are allowed, and room for all', () => {
    for (const most of [1, 2, 5, 16, 100, 300]) {
      for (let count = 0; count <= 700; count++) {
        const sizes = predictionSizes(count, most)
        const room = sizes.reduce((sum, size) => sum + size, 0)
        expect(room).toBeGreaterThanOrEqual(count)
        expect(room - (sizes.at(-1) ?? 0)).toBeLessThan(Math.max(count, 1))
        expect(Math.max(1, ...sizes)).toBeLessThanOrEqual(most)
      }
    }
  })
})

describe('evaluations of ever other datasets', () => {
  it('keep a bounded number of compiled sizes, and the weights', async () => {
    const { engine, compiled } = watchedEngine()
    await using trained = trainer([], 1, { engine })
    await trained.fit(dataset(), { epochs: 1, batchSize: 10 })
    const { loss } = await trained.evaluate(dataset(), { batchSize: 10 })
    for (let batchSize = 1; batchSize <= 10; batchSize++) {
      expect((await trained.evaluate(dataset(), { batchSize })).loss).toBeCloseTo(loss, 5)
    }
    const last = Object.keys(compiled.at(-1)?.functions ?? {})
    expect(last.filter((name) => name.startsWith('evaluate/')).length).toBeLessThanOrEqual(6)
    expect(last).toContain('train/10')
  })
})
