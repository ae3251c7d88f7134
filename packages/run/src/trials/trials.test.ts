import { existsSync, readdirSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dryRun, findLearningRate, learningRatesPicture } from '../index.js'
import { Project, tinyConfig } from '../testing/project.js'
import { Smoothed, suggestedRate } from './smoothed.js'

const project = new Project()
let data = ''
beforeAll(async () => {
  data = await project.pictures()
})
afterAll(() => project[Symbol.dispose]())

const quiet = { onWarning: () => undefined }

describe('dryRun', () => {
  it('says what a run takes, of which nothing is left', async () => {
    const before = readdirSync(project.folder)
    const found = await dryRun(tinyConfig(data, { training: { epochs: 50, validateEvery: 5 } }), quiet)
    // Eight images to train on in batches of four, and two to validate on.
    expect(found).toMatchObject({
      parameters: 112 + 74,
      steps: 100,
      epochs: 50,
      step: { images: 4 },
      epoch: { images: 8 },
      validation: { images: 2 },
    })
    const { epoch, validation, checkpoint, seconds = 0, diskBytes = 0, memoryBytes = 0 } = found ?? {}
    const whole = 50 * ((epoch?.seconds ?? 0) + (checkpoint?.seconds ?? 0)) + 10 * (validation?.seconds ?? 0)
    expect(seconds).toBeCloseTo(whole, 6)
    expect(seconds).toBeGreaterThan(0)
    expect(diskBytes).toBeGreaterThan(3 * (checkpoint?.bytes ?? Number.POSITIVE_INFINITY))
    expect(memoryBytes).toBeGreaterThan(1e7)
    expect(readdirSync(project.folder)).toEqual(before)
    expect(existsSync('runs')).toBe(false)
  })

  it('does what the run would do with all that is set for it', async () => {
    const rounded = await dryRun(tinyConfig(data, { checkpoints: { storage: 'bfloat16' } }), quiet)
    const whole = await dryRun(tinyConfig(data), quiet)
    expect(rounded?.checkpoint.bytes).toBeLessThan(whole?.checkpoint.bytes ?? 0)
    expect(rounded?.diskBytes).toBeLessThan(whole?.diskBytes ?? 0)
    const groups = tinyConfig(data, { training: { parameterGroups: 'gamma$ weightDecay=0' } })
    const weights = tinyConfig(data, { training: { classWeights: { none: 2 } } })
    const inParts = tinyConfig(data, { training: { readEvery: 2, microBatchSize: 1 } })
    for (const trial of [dryRun, findLearningRate]) {
      await expect(trial(inParts, quiet)).rejects.toThrow('"readEvery"')
      await expect(trial(groups, quiet)).rejects.toThrow('A group of parameters has no weight.')
      await expect(trial(weights, quiet)).rejects.toThrow('none')
    }
  })

  it('refuses what a run would refuse, and is stopped by its signal', async () => {
    const wrong = dryRun(tinyConfig(data, { callbacks: ['keepBest'] }), quiet)
    await expect(wrong).rejects.toMatchObject({ kind: 'option' })
    expect(await dryRun(tinyConfig(data), { ...quiet, signal: AbortSignal.abort() })).toBeUndefined()
  })
})

describe('findLearningRate', () => {
  it('gives the loss at growing rates, and one at which it falls', async () => {
    const config = tinyConfig(data, { schedule: 'cosine' })
    const found = await findLearningRate(config, { ...quiet, lowest: 1e-4, highest: 1e3, steps: 40 })
    const { points = [], suggestion = 0 } = found ?? {}
    for (const [step, { learningRate }] of points.entries()) {
      expect(learningRate / (1e-4 * 1e7 ** (step / 39))).toBeCloseTo(1, 4)
    }
    expect(suggestion).toBeGreaterThan(1e-4)
    if (found === undefined) throw new Error('It was stopped.')
    const svg = await learningRatesPicture(found)
    expect(svg).toMatch(/^<svg [\s\S]*>learning rate<[\s\S]*>loss</)
    expect(svg).toContain(`>${Number(suggestion.toPrecision(2))}<`)
    expect(readdirSync(project.folder)).not.toContain('runs')
  })

  it('ends after so many steps where the loss stays, within any number of epochs', async () => {
    const found = await findLearningRate(tinyConfig(data), { ...quiet, lowest: 1e-6, highest: 1e-5, steps: 11 })
    expect(found).toMatchObject({ divergedAt: undefined })
    expect(found?.points.map(({ learningRate }) => learningRate).at(-1)).toBeCloseTo(1e-5, 9)
    expect(found?.points).toHaveLength(11)
  })

  it('finds the same whenever losses are read', async () => {
    const range = { ...quiet, lowest: 1e-4, highest: 1e3, steps: 11 }
    const several = tinyConfig(data, { training: { readEvery: 2 } })
    expect(await findLearningRate(several, range)).toEqual(await findLearningRate(tinyConfig(data), range))
  })

  it('refuses a range that does not grow', async () => {
    const refused = findLearningRate(tinyConfig(data), { ...quiet, lowest: 1, highest: 0.1 })
    await expect(refused).rejects.toMatchObject({ kind: 'option', message: expect.stringContaining('"highest"') })
  })
})

describe('the suggestion of a range test', () => {
  it('is where the loss falls most steeply, and none where it does not fall', () => {
    const of = (lossAt: (decade: number) => number) => {
      const smoothed = new Smoothed()
      for (let decade = -6; decade <= 0; decade += 0.05) {
        if (!smoothed.hasDiverged) smoothed.add({ learningRate: 10 ** decade, loss: lossAt(decade) })
      }
      return suggestedRate(smoothed.points)
    }
    // A fall around 10^-3, seen a little later for the average; then it diverges.
    const fall = of((decade) => 2 / (1 + Math.exp(6 * (decade + 3))) + 0.1 + (decade > -1 ? 100 * (decade + 1) : 0))
    expect(Math.log10(fall ?? 0)).toBeGreaterThan(-3.1)
    expect(Math.log10(fall ?? 0)).toBeLessThan(-2.4)
    expect(of(() => 1)).toBeUndefined()
    expect(of((decade) => decade + 7)).toBeUndefined()
  })
})
