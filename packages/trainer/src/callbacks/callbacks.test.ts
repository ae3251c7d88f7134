import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { EpochRecord, StepRecord } from '@convzoo/core'
import { isCallbackDefinition, jsonSchemaOf } from '@convzoo/core/define'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { dataset, trainer, weightsOf } from '../testing/brighter.js'
import { callbackDefinitions, keepBest, progress, recorder, type TrainingProgress } from './index.js'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'convzoo-callbacks-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe.each(Object.entries(callbackDefinitions))('the callback %s', (name, definition) => {
  it('is data, too, and says of each option what it is for', () => {
    expect(isCallbackDefinition(definition)).toBe(true)
    expect({ ...definition }).toMatchObject({ specification: 'callback/v1', name, title: expect.any(String) })
    for (const option of Object.values(definition.options)) expect(option.description).toEqual(expect.any(String))
    expect(jsonSchemaOf(definition.options).type).toBe('object')
  })
})

describe('the recorder', () => {
  it('hands over each step and epoch in their order, and training waits for it', async () => {
    const records: (StepRecord | EpochRecord)[] = []
    let open = 0
    const write = async (record: StepRecord | EpochRecord): Promise<void> => {
      expect(++open).toBe(1)
      await new Promise((resolve) => setTimeout(resolve, 1))
      records.push(record)
      open--
    }
    await using trained = trainer([], 1, { callbacks: [recorder({ write })] })
    const { epochs } = await trained.fit(dataset(), { epochs: 2, batchSize: 4 })
    expect(records.map((record) => (record.type === 'step' ? record.step : 'epoch'))).toEqual([
      ...[0, 1, 2, 'epoch'],
      ...[3, 4, 5, 'epoch'],
    ])
    expect(records.filter(({ type }) => type === 'epoch')).toEqual(epochs)
  })
})

describe('keepBest', () => {
  it('keeps a checkpoint of the best epoch, also over an interruption', async () => {
    const path = join(folder, 'best.safetensors')
    const last = join(folder, 'last.safetensors')
    const seen: number[][] = []
    const whole = trainer([], 1, {
      callbacks: [{ onEpoch: async () => void seen.push(await weightsOf(whole)) }],
    })
    const job = { epochs: 12, batchSize: 4, validation: dataset() }
    const { epochs } = await whole.fit(dataset(), job)
    await whole.dispose()
    const tops = epochs.map(({ validation }) => validation?.top1 ?? 0)
    const best = tops.indexOf(Math.max(...tops))
    expect(best).toBeLessThan(11)

    for (const stop of [1, best + 1]) {
      const kept = () => [keepBest({ monitor: 'validation.top1', path })]
      await using first = trainer([], 1, { callbacks: kept() })
      await first.fit(dataset(), { ...job, epochs: stop })
      await first.saveCheckpoint(last)
      await using resumed = trainer([], 1, { callbacks: kept() })
      await resumed.loadCheckpoint(last)
      await resumed.fit(dataset(), job)
      await using loaded = trainer()
      expect((await loaded.loadCheckpoint(path)).position.epoch).toBe(best + 1)
      expect(await weightsOf(loaded)).toEqual(seen[best])
    }
  })
})

describe('progress', () => {
  it('tells how far training has come, how fast it goes and what is left, of what this process does', async () => {
    const told: TrainingProgress[] = []
    const callbacks = () => [progress({ tell: (each) => void told.push(each) })]
    const path = join(folder, 'half.safetensors')
    await using first = trainer([], 1, { callbacks: callbacks() })
    await first.fit(dataset(), { epochs: 1, batchSize: 4 })
    await first.saveCheckpoint(path)
    told.length = 0
    await using resumed = trainer([], 1, { callbacks: callbacks() })
    await resumed.loadCheckpoint(path)
    const { epochs } = await resumed.fit(dataset(), { epochs: 3, batchSize: 4, validation: dataset() })
    const steps = told.flatMap((each) => (each.type === 'step' ? [each] : []))
    expect(steps.map(({ step, steps: all, epoch, epochs: last }) => [step, all, epoch, last])).toEqual([
      ...[4, 5, 6].map((step) => [step, 9, 1, 3]),
      ...[7, 8, 9].map((step) => [step, 9, 2, 3]),
    ])
    for (const [index, { secondsLeft, epochSecondsLeft, imagesPerSecond, waited, top1 }] of steps.entries()) {
      const left = [16, 12, 10, 6, 2, 0][index] ?? Number.NaN
      expect(secondsLeft * imagesPerSecond).toBeCloseTo(left, 9)
      expect(epochSecondsLeft * imagesPerSecond).toBeCloseTo(left % 10, 9)
      expect(waited).toBeGreaterThanOrEqual(0)
      expect(waited).toBeLessThanOrEqual(1)
      expect(top1).toBeLessThanOrEqual(1)
    }
    expect(steps.at(-1)?.top1).toBe(epochs.at(-1)?.training.top1)
    const ends = told.flatMap((each) => (each.type === 'epoch' ? [each] : []))
    expect(ends).toEqual(
      epochs.map((record) => ({ ...record, epochs: 3, imagesPerSecond: expect.closeTo(10 / record.seconds, 6) })),
    )
  })
})
