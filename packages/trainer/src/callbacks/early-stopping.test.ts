import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Callback, Dataset } from '@convzoo/core'
import type { OptionsOf } from '@convzoo/core/define'
import { openSafetensors } from '@convzoo/safetensors'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { dataset, trainer, weightsOf } from '../testing/brighter.js'
import { earlyStopping } from './early-stopping.js'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'convzoo-early-stopping-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** What is learned is wrong here: after a first epoch its loss rises. */
const reversed = (): Dataset => ({
  ...dataset(),
  name: 'darker',
  batch: async (indices, purpose) => {
    const { images, targets } = await dataset().batch(indices, purpose)
    return { images, targets: targets.map((target) => 1 - target) }
  },
})

const job = { epochs: 20, batchSize: 4, validation: reversed() }
const patient = (patience: number, more: Partial<OptionsOf<typeof earlyStopping>> = {}) =>
  earlyStopping({ patience, ...more })

/** A callback that aborts training after a step, once the checkpoint of that moment is written. */
function aborting(step: number, controller: AbortController): Callback {
  return {
    async onStep(record, { saveCheckpoint }) {
      if (record.step + 1 !== step) return
      await saveCheckpoint(join(folder, 'aborted.safetensors'))
      controller.abort()
    },
  }
}

/** The same after an epoch. */
function abortingAfter(epoch: number, controller: AbortController): Callback {
  return {
    async onEpoch(record, { saveCheckpoint }) {
      if (record.epoch + 1 !== epoch) return
      await saveCheckpoint(join(folder, 'aborted.safetensors'))
      controller.abort()
    },
  }
}

describe('early stopping', () => {
  it('ends training after so many epochs that were no better, and says why', async () => {
    await using trained = trainer([], 1, { callbacks: [patient(3)] })
    const { completed, stopped, epochs } = await trained.fit(dataset(), job)
    const losses = epochs.map(({ validation }) => validation?.loss ?? Number.NaN)
    const best = losses.indexOf(Math.min(...losses))
    expect(losses).toHaveLength(best + 1 + 3)
    expect(completed).toBe(true)
    expect(stopped).toMatch(
      new RegExp(`^validation\\.loss has not been lower than [\\d.]+, of epoch ${best + 1}, for 3 epochs$`),
    )
  })

  it.each([['training.loss'], ['training.top1'], ['validation.top1']] as const)('may watch %s', async (monitor) => {
    await using trained = trainer([], 1, { callbacks: [patient(2, { monitor })] })
    const result = await trained.fit(dataset(), job)
    const [of, what] = monitor.split('.')
    const values = result.epochs.map((record) => {
      const score = of === 'training' ? record.training : record.validation
      return (what === 'loss' ? -1 : 1) * Number(score?.[what === 'loss' ? 'loss' : 'top1'])
    })
    const best = values.indexOf(Math.max(...values))
    expect(values).toHaveLength(Math.min(20, best + 3))
  })

  it('takes a small difference for none, and no notice of epochs without a validation', async () => {
    await using trained = trainer([], 1, { callbacks: [patient(2, { monitor: 'training.loss', minimumDelta: 9 })] })
    expect((await trained.fit(dataset(), job)).epochs).toHaveLength(3)
    await using rarely = trainer([], 1, { callbacks: [patient(2)] })
    const { epochs } = await rarely.fit(dataset(), { ...job, validateEvery: 3 })
    expect(epochs.filter(({ validation }) => validation !== undefined).length).toBe(epochs.length / 3)
    expect(epochs.length).toBeLessThan(20)
  })

  it('puts the weights of the best epoch back', async () => {
    const seen: number[][] = []
    const watching: Callback = { onEpoch: async () => void seen.push(await weightsOf(trained)) }
    const trained = trainer([], 1, { callbacks: [patient(2, { restoreBest: true }), watching] })
    const { epochs } = await trained.fit(dataset(), job)
    const losses = epochs.map(({ validation }) => validation?.loss ?? Number.NaN)
    const best = losses.indexOf(Math.min(...losses))
    expect(seen).toHaveLength(best + 3)
    expect(await weightsOf(trained)).toEqual(seen[best])
    expect((await trained.evaluate(reversed(), { batchSize: 4 })).loss).toBe(losses[best])
    await trained.dispose()
  })

  it.each([
    ['a step', (controller: AbortController) => aborting(8, controller)],
    ['an epoch, before and behind it', (controller: AbortController) => abortingAfter(3, controller)],
  ])('that goes on from a checkpoint after %s ends as one that never stopped', async (_, abort) => {
    await using whole = trainer([], 1, { callbacks: [patient(4, { restoreBest: true })] })
    const expected = await whole.fit(dataset(), job)
    for (const isFirst of [true, false]) {
      const controller = new AbortController()
      const own = [patient(4, { restoreBest: true }), abort(controller)]
      await using aborted = trainer([], 1, { callbacks: isFirst ? own : own.toReversed() })
      expect(await aborted.fit(dataset(), { ...job, signal: controller.signal })).toMatchObject({ completed: false })
      await using resumed = trainer([], 1, { callbacks: [patient(4, { restoreBest: true })] })
      await resumed.loadCheckpoint(join(folder, 'aborted.safetensors'))
      const rest = await resumed.fit(dataset(), job)
      expect(rest.stopped).toBe(expected.stopped)
      expect(resumed.position).toEqual(whole.position)
      expect(await weightsOf(resumed)).toEqual(await weightsOf(whole))
    }
  })

  it('stays stopped where nothing is changed, and goes on with more patience', async () => {
    const path = join(folder, 'stopped.safetensors')
    const saving: Callback = { onEpoch: async (_, { saveCheckpoint }) => void (await saveCheckpoint(path)) }
    await using stopped = trainer([], 1, { callbacks: [saving, patient(2)] })
    const first = await stopped.fit(dataset(), job)
    await using again = trainer([], 1, { callbacks: [patient(2)] })
    await again.loadCheckpoint(path)
    expect(await again.fit(dataset(), job)).toEqual({ completed: true, stopped: first.stopped, epochs: [] })
    await using more = trainer([], 1, { callbacks: [patient(5)] })
    await more.loadCheckpoint(path)
    await more.fit(dataset(), job)
    await using whole = trainer([], 1, { callbacks: [patient(5)] })
    await whole.fit(dataset(), job)
    expect(more.position).toEqual(whole.position)
    expect(await weightsOf(more)).toEqual(await weightsOf(whole))
  })

  it('begins anew with a checkpoint that holds nothing of it, or of something else', async () => {
    const path = join(folder, 'without.safetensors')
    await using without = trainer()
    await without.fit(dataset(), { ...job, epochs: 2 })
    await without.saveCheckpoint(path)
    const callback = patient(2)
    await using used = trainer([], 1, { callbacks: [callback] })
    await used.fit(dataset(), job)
    await used.loadCheckpoint(path)
    expect(callback.state?.()).toMatchObject({ value: null, since: 0 })
    await using other = trainer([], 1, { callbacks: [patient(1, { monitor: 'training.loss' })] })
    await other.fit(dataset(), { ...job, epochs: 2 })
    await other.saveCheckpoint(path)
    await used.loadCheckpoint(path)
    expect(callback.state?.()).toMatchObject({ value: null, since: 0 })
  })

  it('keeps its weights out of those of the network', async () => {
    const path = join(folder, 'kept.safetensors')
    await using trained = trainer([], 1, { callbacks: [patient(9, { restoreBest: true })] })
    await trained.fit(dataset(), { ...job, epochs: 2 })
    await trained.saveCheckpoint(path)
    const file = await openSafetensors(path)
    await file.close()
    const kept = file.tensors.map(({ name }) => name).filter((name) => name.startsWith('callbacks/earlyStopping/'))
    expect(kept).toHaveLength(4)
    expect(JSON.parse(file.metadata.auxiliary ?? '[]').toSorted()).toEqual(kept)
    await using plain = trainer()
    await plain.loadCheckpoint(path)
    expect(await weightsOf(plain)).toEqual(await weightsOf(trained))
  })

  it('needs a validation where it watches one', async () => {
    await using trained = trainer([], 1, { callbacks: [patient(2)] })
    await expect(trained.fit(dataset(), { epochs: 3, batchSize: 4 })).rejects.toMatchObject({
      kind: 'option',
      message: expect.stringContaining('there is none'),
    })
  })
})

describe('a callback that remembers', () => {
  it.each<[string, Partial<Callback>]>([
    ['no name', {}],
    ['a name with a slash', { name: 'a/b', restore: (): void => undefined }],
    ['no name and restore', { restore: (): void => undefined }],
    ['no restore', { name: 'a' }],
  ])('is refused with %s', (_, more) => {
    const callback: Callback = { onStep: () => undefined, state: () => 1, ...more }
    expect(() => trainer([], 1, { callbacks: [callback] })).toThrow('"callbacks" of Trainer')
  })

  it('is refused beside another of its name, when it keeps what no file holds, and changes nothing where one fails', async () => {
    expect(() => trainer([], 1, { callbacks: [patient(1), patient(2)] })).toThrow('"callbacks" of Trainer')
    const path = join(folder, 'a.safetensors')
    const keeping = (state: unknown): Callback => {
      const callback: Callback = { name: 'own', onEpoch: () => undefined, restore: () => undefined }
      return Object.assign(callback, { state: () => state })
    }
    for (const state of [() => 1, Number.NaN, new Map(), { a: undefined }, 1n]) {
      await using trained = trainer([], 1, { callbacks: [keeping(state)] })
      await expect(trained.saveCheckpoint(path)).rejects.toMatchObject({ kind: 'option' })
    }
    const first = patient(9)
    await using trained = trainer([], 1, { callbacks: [first] })
    await trained.fit(dataset(), { ...job, epochs: 2 })
    await trained.saveCheckpoint(path)
    const failing: Callback = {
      name: 'failing',
      onEpoch: () => undefined,
      restore: () => {
        throw new Error('not this')
      },
    }
    const second = patient(9)
    await using loading = trainer([], 1, { callbacks: [second, failing] })
    await expect(loading.loadCheckpoint(path)).rejects.toThrow('not this')
    expect(second.state?.()).toMatchObject({ value: null })
    expect(loading.position.step).toBe(0)
  })
})
