import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import type { Dataset } from '@convzoo/core'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Trainer } from '../node-trainer.js'
import { RunFolder } from '../run/index.js'
import { dataset, trainer } from '../testing/brighter.js'
import { type CheckpointFolder, type CheckpointsOptions, checkpoints } from './checkpoints.js'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'convzoo-checkpoints-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true, maxRetries: 9 }))

/** The steps after which checkpoints are written in two epochs of five steps, each of which takes so many minutes. */
async function written(options: Partial<CheckpointsOptions>, minutesPerStep: number): Promise<number[]> {
  const run = await RunFolder.create(join(folder, 'run'), {})
  let minutes = 0
  const steps: number[] = []
  const made: Trainer = trainer([], 1, {
    callbacks: [
      {
        onStep: () => {
          minutes += minutesPerStep
        },
      },
      checkpoints({
        folder: {
          async writeCheckpoint(of) {
            const path = await run.writeCheckpoint(of)
            steps.push(Number(/\d+/.exec(basename(path))?.[0]))
            return path
          },
        },
        clock: () => minutes * 60_000,
        ...options,
      }),
    ],
  })
  await made.fit(dataset(), { epochs: 2, batchSize: 2 })
  await made.dispose()
  return steps
}

it.each([
  ['ends of epochs alone where they take less than ten minutes', {}, 1.9, [5, 10]],
  ['ten minutes where nothing else is said', {}, 5, [2, 4, 5, 7, 9, 10]],
  ['so many minutes', { everyMinutes: 3 }, 1, [3, 5, 8, 10]],
  [
    'so many steps, counted from the start of the run',
    { everyMinutes: Number.POSITIVE_INFINITY, everySteps: 3 },
    99,
    [3, 5, 6, 9, 10],
  ],
  ['steps and minutes together', { everyMinutes: 2, everySteps: 3 }, 1, [2, 3, 5, 6, 8, 9, 10]],
])('checkpoints are written after %s', async (_, options, minutesPerStep, steps) => {
  expect(await written(options, minutesPerStep)).toEqual(steps)
})

it('no checkpoints are written while there is no folder', async () => {
  expect(await written({ folder: () => undefined }, 100)).toEqual([])
})

it.each([
  ['everySteps', 0],
  ['everyMinutes', 0],
  ['everyMinutes', Number.NaN],
  ['every', 5],
])('checkpoints take no %s of %d', async (name, value) => {
  await expect(written({ [name]: value }, 1)).rejects.toThrow(new RegExp(`"${name}"`))
})

/** What is learned is wrong here: its loss rises from the first epoch on. */
const reversed = (): Dataset => ({
  ...dataset(),
  batch: async (indices, purpose) => {
    const { images, targets } = await dataset().batch(indices, purpose)
    return { images, targets: targets.map((target) => 1 - target) }
  },
})

it('the checkpoint of the best epoch stays, also in a run that goes on', async () => {
  const run = await RunFolder.create(join(folder, 'run'), {})
  const best = join(run.path, 'best.safetensors')
  const epochOfBest = async (): Promise<number> => {
    await using looking = trainer([], 1, { callbacks: [checkpoints({ folder: run })] })
    return (await looking.loadCheckpoint(best)).position.epoch
  }
  const job = { batchSize: 5, validation: reversed() }
  await using first = trainer([], 1, { callbacks: [checkpoints({ folder: run })] })
  const { epochs } = await first.fit(dataset(), { ...job, epochs: 3 })
  const losses = epochs.map(({ validation }) => validation?.loss ?? Number.NaN)
  const lowest = losses.indexOf(Math.min(...losses)) + 1
  expect(lowest).toBe(1)
  expect(await epochOfBest()).toBe(lowest)
  await using resumed = trainer([], 1, { callbacks: [checkpoints({ folder: run })] })
  await run.resume(resumed)
  await resumed.fit(dataset(), { ...job, epochs: 5 })
  expect(await epochOfBest()).toBe(lowest)
  expect((await run.checkpoints()).map((path) => basename(path))).toEqual([
    'step-00000010.safetensors',
    'step-00000008.safetensors',
  ])
})

it('the best epoch is that by any recorded number', async () => {
  const run = await RunFolder.create(join(folder, 'run'), {})
  const best = checkpoints({ folder: run, monitor: 'validation.loss', better: 'higher' })
  await using trained = trainer([], 1, { callbacks: [best] })
  const { epochs } = await trained.fit(dataset(), { batchSize: 5, validation: reversed(), epochs: 3 })
  const losses = epochs.map(({ validation }) => validation?.loss ?? Number.NaN)
  await using looking = trainer([], 1, { callbacks: [checkpoints({ folder: run })] })
  const { position } = await looking.loadCheckpoint(join(run.path, 'best.safetensors'))
  expect(position.epoch).toBe(losses.indexOf(Math.max(...losses)) + 1)
})

it('a best checkpoint that a process was killed before it could keep is kept when the run goes on', async () => {
  const run = await RunFolder.create(join(folder, 'run'), {})
  const unable: CheckpointFolder = { writeCheckpoint: (of) => run.writeCheckpoint(of) }
  await using first = trainer([], 1, { callbacks: [checkpoints({ folder: unable })] })
  await first.fit(dataset(), { epochs: 1, batchSize: 5 })
  await using resumed = trainer([], 1, { callbacks: [checkpoints({ folder: run })] })
  await run.resume(resumed)
  await resumed.fit(dataset(), { epochs: 1, batchSize: 5 })
  await using looking = trainer([], 1, { callbacks: [checkpoints({ folder: run })] })
  expect((await looking.loadCheckpoint(join(run.path, 'best.safetensors'))).position.epoch).toBe(1)
})
