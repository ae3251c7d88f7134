import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type EpochRecord, type StepRecord, sgd, sgdw } from '@convzoo/core'
import { describe, expect, it } from 'vitest'
import { earlyStopping } from './callbacks/index.js'
import type { TrainerOptions } from './options.js'
import { dataset, trainer, weightsOf } from './testing/brighter.js'

const job = { epochs: 2, batchSize: 4 }

async function recorded(more: Partial<TrainerOptions>) {
  const steps: StepRecord[] = []
  await using trained = trainer(steps, 1, { ...more })
  const { epochs } = await trained.fit(dataset(), job)
  return { norms: steps.map(({ gradientNorm }) => gradientNorm), epochs }
}

/** Whole batches count alike, a shorter one as well: the mean is over steps. */
const meanOf = (norms: readonly (number | undefined)[]): number =>
  norms.reduce<number>((sum, norm = Number.NaN) => sum + norm, 0) / norms.length

const normIn = (epoch: EpochRecord | undefined): number | undefined => epoch?.training.gradientNorm

describe('the norm of the gradients', () => {
  it('is recorded where it is asked for: how far a plain step moves the weights at a rate of 1', async () => {
    const seen: number[][] = []
    const norms: (number | undefined)[] = []
    await using trained = trainer([], 1, {
      optimizer: sgd({ learningRate: 1 }),
      gradientNorm: true,
      callbacks: [
        {
          onTrainBegin: async () => void seen.push(await weightsOf(trained)),
          onStep: async ({ gradientNorm }) => {
            norms.push(gradientNorm)
            seen.push(await weightsOf(trained))
          },
        },
      ],
    })
    await trained.fit(dataset(), { epochs: 1, batchSize: 4 })
    expect(norms).toHaveLength(3)
    for (const [step, norm] of norms.entries()) {
      const moved = seen[step + 1]?.map((weight, index) => weight - (seen[step]?.[index] ?? Number.NaN)) ?? []
      expect(norm).toBeCloseTo(Math.hypot(...moved), 5)
    }
  })

  it('of an epoch is the mean over its steps, and is not there unasked', async () => {
    const { norms, epochs } = await recorded({ gradientNorm: true })
    expect(normIn(epochs[0])).toBeCloseTo(meanOf(norms.slice(0, 3)), 12)
    expect(normIn(epochs[1])).toBeCloseTo(meanOf(norms.slice(3)), 12)
    const unasked = await recorded({})
    expect(unasked.norms).toEqual(Array.from({ length: 6 }, () => undefined))
    expect(unasked.epochs[0]?.training).not.toHaveProperty('gradientNorm')
  })

  it('is recorded unasked where gradients are clipped by it, and the same in micro-batches', async () => {
    const optimizer = () =>
      sgdw({ weightDecay: 1e-4, momentum: 0.9, learningRate: 0.1, clipping: { globalNorm: 0.01 } })
    const whole = await recorded({ optimizer: optimizer() })
    const parts = await recorded({ optimizer: optimizer(), microBatchSize: 3 })
    for (const [step, norm = Number.NaN] of whole.norms.entries()) {
      expect(norm).toBeGreaterThan(0.01)
      expect(parts.norms[step]).toBeCloseTo(norm, 5)
    }
  })

  it('of an epoch that was interrupted is that of one that was not', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'convzoo-gradient-norm-'))
    try {
      const path = join(folder, 'step-00000002.safetensors')
      const whole = await recorded({ gradientNorm: true })
      await using first = trainer([], 1, {
        gradientNorm: true,
        callbacks: [{ onStep: ({ step }, { stop }) => void (step === 1 && stop()) }],
      })
      await first.fit(dataset(), job)
      await first.saveCheckpoint(path)
      await using second = trainer([], 1, { gradientNorm: true })
      await second.loadCheckpoint(path)
      const { epochs } = await second.fit(dataset(), job)
      expect(epochs.map(normIn)).toEqual(whole.epochs.map(normIn))
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })

  it('may be watched, and is refused to who watches what is not recorded', async () => {
    const watching = (more: Partial<TrainerOptions>) => {
      const callbacks = [
        earlyStopping({ monitor: 'training.gradientNorm', better: 'higher', patience: 1, minimumDelta: 1e9 }),
      ]
      return trainer([], 1, { ...more, callbacks }).fit(dataset(), { epochs: 9, batchSize: 4 })
    }
    expect((await watching({ gradientNorm: true })).epochs).toHaveLength(2)
    await expect(watching({})).rejects.toMatchObject({ kind: 'option', received: 'training.gradientNorm' })
  })
})
