import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Callback, Dataset, EpochRecord, StepRecord } from '@convzoo/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { dataset, trainer, weightsOf } from '../testing/brighter.js'
import { contextOfNew } from '../testing/context.js'
import { type ReduceOnPlateauOptions, reduceOnPlateau } from './reduce-on-plateau.js'

/** What `bench/reference/training_settings.py` writes. */
interface Published {
  readonly initial: number
  readonly values: readonly number[]
  readonly cases: readonly { readonly options: ReduceOnPlateauOptions; readonly rates: readonly number[] }[]
}

const { plateaus }: { readonly plateaus: Published } = JSON.parse(
  readFileSync(new URL('../fixtures/training-settings.json', import.meta.url), 'utf8'),
)

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'convzoo-plateau-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const score = (loss: number) => ({ samples: 1, loss, top1: 0, top5: 0 })

/** What is learned is wrong here, so that its loss rises. */
const reversed = (): Dataset => ({
  ...dataset(),
  batch: async (indices, purpose) => {
    const { images, targets } = await dataset().batch(indices, purpose)
    return { images, targets: targets.map((target) => 1 - target) }
  },
})

describe('a rate that falls on a plateau', () => {
  it.each(plateaus.cases)("is that of PyTorch's ReduceLROnPlateau: $options", async ({ options, rates }) => {
    const callback = reduceOnPlateau(options)
    const context = contextOfNew()
    for (const [epoch, value] of plateaus.values.entries()) {
      const wanted = rates[epoch] ?? Number.NaN
      expect(Math.abs(plateaus.initial * context.learningRateFactor - wanted)).toBeLessThan(1e-14 * wanted)
      const record: EpochRecord = { type: 'epoch', epoch, training: score(1), validation: score(value), seconds: 1 }
      await callback.onEpoch?.(record, context)
    }
    expect(new Set(rates).size).toBeGreaterThan(2)
  })

  const job = { epochs: 6, batchSize: 5, validation: reversed() }
  const callback = () => reduceOnPlateau({ patience: 1, factor: 0.5, cooldown: 1 })

  it('is what steps are made with and record, and goes on from a checkpoint bit for bit', async () => {
    const steps: StepRecord[] = []
    const onStep = (record: StepRecord): void => void steps.push(record)
    await using whole = trainer([], 1, { callbacks: [callback(), { onStep }] })
    await whole.fit(dataset(), job)
    const rates = steps.filter((_, index) => index % 2 === 0).map(({ learningRate }) => learningRate)
    expect(new Set(rates).size).toBeGreaterThan(2)
    expect(rates.toSorted((a, b) => b - a)).toEqual(rates)

    const path = join(folder, 'stopped.safetensors')
    const controller = new AbortController()
    const stopping: Callback = {
      async onStep({ step }, { saveCheckpoint }) {
        if (step !== 8) return
        await saveCheckpoint(path)
        controller.abort()
      },
    }
    await using stopped = trainer([], 1, { callbacks: [stopping, callback()] })
    await stopped.fit(dataset(), { ...job, signal: controller.signal })
    const later: StepRecord[] = []
    await using resumed = trainer([], 1, { callbacks: [callback(), { onStep: (record) => void later.push(record) }] })
    await resumed.loadCheckpoint(path)
    await resumed.fit(dataset(), job)
    expect(later.map(({ learningRate }) => learningRate)).toEqual(
      steps.slice(9).map(({ learningRate }) => learningRate),
    )
    expect(await weightsOf(resumed)).toEqual(await weightsOf(whole))
  })

  it('watches whatever epochs record, and names what they do where that is not recorded', async () => {
    await using any = trainer([], 1, { callbacks: [reduceOnPlateau({ patience: 1, monitor: 'training.top5' })] })
    await any.fit(dataset(), { epochs: 2, batchSize: 10 })
    await using none = trainer([], 1, { callbacks: [reduceOnPlateau({ monitor: 'training.los' })] })
    await expect(none.fit(dataset(), { epochs: 2, batchSize: 10 })).rejects.toMatchObject({
      kind: 'option',
      expected: expect.stringContaining('training.loss, training.top1'),
      hint: expect.stringContaining('did you mean training.loss'),
    })
  })
})
