import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSafetensors } from '@convzoo/safetensors'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { checkpointBytes } from './index.js'
import { dataset, trainer, weightsOf } from './testing/brighter.js'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'convzoo-storage-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('a checkpoint whose weights are rounded', () => {
  it.each([
    { storage: 'bfloat16', slots: 'bfloat16', bits: 8 },
    { storage: 'float16', slots: 'float32', bits: 11 },
  ] as const)('holds them in $storage, and whoever goes on from it is warned', async ({ storage, slots, bits }) => {
    const path = join(folder, 'rounded.safetensors')
    await using trained = trainer([], 1, { storage })
    await trained.fit(dataset(), { epochs: 2, batchSize: 5 })
    await trained.saveCheckpoint(path)
    const file = await openSafetensors(path)
    await file.close()
    const stored = new Map(file.tensors.map((tensor) => [tensor.name, tensor.storage]))
    expect([stored.get('dense/kernel'), stored.get('dense/kernel/velocity')]).toEqual([storage, slots])
    const whole = checkpointBytes(trained.state, 'float32')
    expect(checkpointBytes(trained.state, storage)).toBe(slots === 'float32' ? (3 / 4) * whole : whole / 2)

    await using resumed = trainer([], 1, { storage })
    const { warnings, position } = await resumed.loadCheckpoint(path)
    expect(position.step).toBe(4)
    expect(warnings).toEqual([expect.stringMatching(new RegExp(`holds its weights in ${storage}: they were rounded`))])
    const [before, after] = [await weightsOf(trained), await weightsOf(resumed)]
    expect(after).not.toEqual(before)
    for (const [index, value] of before.entries()) {
      expect(Math.abs((after[index] ?? Number.NaN) - value)).toBeLessThanOrEqual(
        2 ** -bits * Math.abs(value) + 2 ** -25,
      )
    }
    await resumed.fit(dataset(), { epochs: 3, batchSize: 5 })
  })
})

describe('a training with settings that have a state', () => {
  const settings = {
    average: { from: 2, every: 2 },
    classWeights: 'first=2',
    parameterGroups: 'bias$ learningRate=2 weightDecay=0',
    microBatchSize: 3,
  } as const
  const job = { epochs: 3, batchSize: 4, sampling: 'balanced', validation: dataset() } as const

  it('that goes on from a checkpoint within an epoch ends as one that never stopped, bit for bit', async () => {
    const path = join(folder, 'stopped.safetensors')
    await using whole = trainer([], 1, settings)
    const { epochs } = await whole.fit(dataset(7), job)
    const controller = new AbortController()
    await using stopped = trainer([], 1, {
      ...settings,
      callbacks: [{ onStep: ({ step }) => (step === 2 ? controller.abort() : undefined) }],
    })
    await stopped.fit(dataset(7), { ...job, signal: controller.signal })
    await stopped.saveCheckpoint(path)
    await using resumed = trainer([], 1, settings)
    await resumed.loadCheckpoint(path)
    const rest = await resumed.fit(dataset(7), job)
    expect(await weightsOf(resumed)).toEqual(await weightsOf(whole))
    // Averages and weights of now are validated beside each other, and are not the same.
    const last = epochs.at(-1)
    expect(rest.epochs.at(-1)?.validationOf).toEqual(last?.validationOf)
    expect(last?.validationOf?.current).toEqual(last?.validation)
    expect(last?.validationOf?.average.loss).not.toBe(last?.validation?.loss)
    // Another order within the epoch is refused.
    await using other = trainer([], 1, settings)
    await other.loadCheckpoint(path)
    await expect(other.fit(dataset(7), { ...job, sampling: 'shuffled' })).rejects.toMatchObject({ kind: 'state' })
  })
})
