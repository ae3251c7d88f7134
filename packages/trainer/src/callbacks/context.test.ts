import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Callback, TrainingContext } from '@convzoo/core'
import { openSafetensors } from '@convzoo/safetensors'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { dataset, trainer, weightsOf } from '../testing/brighter.js'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'convzoo-context-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const job = { epochs: 3, batchSize: 4 }

describe('the context of a callback', () => {
  it('knows the folder of the run, once there is one', async () => {
    let run: string | undefined
    const seen: (string | undefined)[] = []
    const callback: Callback = {
      onTrainBegin: (_, context) => void seen.push(context.folder),
      onEpoch: (_, context) => void seen.push(context.folder),
    }
    await using trained = trainer([], 1, { callbacks: [callback], folder: () => run })
    run = 'runs/first'
    await trained.fit(dataset(), { ...job, epochs: 1 })
    expect(seen).toEqual(['runs/first', 'runs/first'])
  })

  it('shows where training stands, the network, its classes and what it runs on', async () => {
    const seen: unknown[] = []
    const onStep: Callback['onStep'] = ({ step }, { position, score, model, classes, description, ending }) =>
      void seen.push([step, position.step, score?.samples, model.output.shape, classes, description, ending])
    await using trained = trainer([], 1, { callbacks: [{ onStep }] })
    await trained.fit(dataset(), { ...job, epochs: 1 })
    const rest = [[2], ['first', 'last'], trained.description, undefined]
    expect(seen).toEqual([
      [0, 1, 4, ...rest],
      [1, 2, 8, ...rest],
      [2, 3, 10, ...rest],
    ])
  })

  it('gives weights to read, and takes others, for some of them, from which training goes on', async () => {
    const onStep: Callback['onStep'] = async ({ step }, { readWeights, writeState }) => {
      if (step !== 1) return
      const halved = []
      for await (const { name, shape, data } of readWeights()) {
        halved.push({ name, shape, data: data.map((value) => value / 2) })
      }
      await writeState(halved.slice(1))
      expect((await weightsOf(trained)).slice(32)).toEqual(halved.slice(1).flatMap(({ data }) => [...data]))
    }
    const trained = trainer([], 1, { callbacks: [{ onStep }] })
    await trained.fit(dataset(), job)
    await using whole = trainer()
    await whole.fit(dataset(), job)
    expect(await weightsOf(trained)).not.toEqual(await weightsOf(whole))
    await trained.dispose()
  })

  it.each([
    ['finished', { onEpoch: () => undefined }],
    ['stopped', { onStep: (_, { stop }) => stop() }],
    [
      'failed',
      {
        onStep: () => {
          throw new Error('no')
        },
      },
    ],
  ] satisfies [string, Callback][])('says in the end how training ended: %s', async (ending, callback) => {
    const seen: unknown[] = []
    const onTrainEnd = (context: TrainingContext): void => void seen.push(context.ending)
    await using trained = trainer([], 1, { callbacks: [callback, { onTrainEnd }] })
    await trained.fit(dataset(), job).catch(() => undefined)
    expect(seen).toEqual([ending])
  })

  it('has a signal that is given when training is aborted, with its reason', async () => {
    const controller = new AbortController()
    const seen: unknown[] = []
    const callback: Callback = {
      onStep(_, { signal }) {
        signal.addEventListener('abort', () => seen.push(signal.reason))
        controller.abort('enough')
      },
      onTrainEnd: ({ ending, signal }) => void seen.push(ending, signal.aborted),
    }
    await using trained = trainer([], 1, { callbacks: [callback] })
    await trained.fit(dataset(), { ...job, signal: controller.signal })
    expect(seen).toEqual(['enough', 'aborted', true])
  })
})

describe('stop() of a callback', () => {
  it.each([null, 7, {}, Object.create(null), Symbol('no')])('takes a reason in words only: %o', async (reason) => {
    const onStep: Callback['onStep'] = (_, context) => Reflect.apply(context.stop, undefined, [reason])
    await using trained = trainer([], 1, { callbacks: [{ onStep }] })
    await expect(trained.fit(dataset(), job)).rejects.toMatchObject({
      kind: 'option',
      message: expect.stringContaining('"reason" of stop'),
    })
  })

  it('after an epoch ends training there, as no error and with the reason', async () => {
    const told: number[] = []
    await using trained = trainer([], 1, {
      callbacks: [
        { onEpoch: ({ epoch }, { stop }) => (epoch === 1 ? stop('good enough') : undefined) },
        { onEpoch: ({ epoch }) => void told.push(epoch) },
      ],
    })
    const result = await trained.fit(dataset(), { ...job, epochs: 9, validation: dataset() })
    expect(result).toMatchObject({ completed: true, stopped: 'good enough', validation: { samples: 10 } })
    expect(told).toEqual([0, 1])
    expect(trained.position).toEqual({ step: 6, epoch: 2, sample: 0 })
    await using short = trainer()
    await short.fit(dataset(), { ...job, epochs: 2, validation: dataset() })
    expect(await weightsOf(trained)).toEqual(await weightsOf(short))
  })

  it.each([
    [0, { step: 1, epoch: 0, sample: 4 }, 0],
    [1, { step: 2, epoch: 0, sample: 8 }, 0],
    [2, { step: 3, epoch: 1, sample: 0 }, 1],
  ])('after step %i ends training there, and who goes on ends as if it never had', async (last, position, epochs) => {
    let isLimited = true
    await using trained = trainer([], 1, {
      callbacks: [{ onStep: ({ step }, { stop }) => (isLimited && step === last ? stop() : undefined) }],
    })
    const result = await trained.fit(dataset(), job)
    expect(result).toMatchObject({ completed: true, stopped: 'a callback stopped it' })
    expect(result.epochs).toHaveLength(epochs)
    expect(trained.position).toEqual(position)
    isLimited = false
    const rest = await trained.fit(dataset(), job)
    expect(rest).toMatchObject({ completed: true })
    expect(rest.stopped).toBeUndefined()
    await using whole = trainer()
    await whole.fit(dataset(), job)
    expect(await weightsOf(trained)).toEqual(await weightsOf(whole))
  })

  it('before the first step leaves the weights as they are', async () => {
    await using trained = trainer([], 1, { callbacks: [{ onTrainBegin: (_, { stop }) => stop('no need') }] })
    const before = await weightsOf(trained)
    expect(await trained.fit(dataset(), job)).toEqual({ completed: true, stopped: 'no need', epochs: [] })
    expect(await weightsOf(trained)).toEqual(before)
  })

  it('after the last epoch changes nothing, and of an ended training neither', async () => {
    const contexts: TrainingContext[] = []
    const onEpoch: Callback['onEpoch'] = ({ epoch }, context) => {
      contexts.push(context)
      if (epoch === 0) context.stop()
    }
    await using trained = trainer([], 1, { callbacks: [{ onEpoch }] })
    expect(await trained.fit(dataset(), { ...job, epochs: 1 })).not.toHaveProperty('stopped')
    contexts[0]?.stop('late')
    expect(await trained.fit(dataset(), { ...job, epochs: 2 })).not.toHaveProperty('stopped')
  })
})

describe('saveCheckpoint() of a callback', () => {
  it('waits until the callbacks behind it have heard, and training waits for it', async () => {
    const order: string[] = []
    const saver: Callback = {
      async onEpoch({ epoch }, { saveCheckpoint }) {
        order.push(`asked ${epoch}`)
        await saveCheckpoint(({ step }) => join(folder, `${step}.safetensors`))
        order.push(`saved ${epoch}`)
      },
    }
    const other: Callback = {
      onEpoch: ({ epoch }) => void order.push(`heard ${epoch}`),
      onStep: ({ step }) => void (step % 3 === 0 && order.push(`epoch ${step / 3}`)),
    }
    await using trained = trainer([], 1, { callbacks: [saver, other] })
    await trained.fit(dataset(), { ...job, epochs: 2 })
    const each = (epoch: number) => ['epoch', 'asked', 'heard', 'saved'].map((what) => `${what} ${epoch}`)
    expect(order).toEqual([...each(0), ...each(1)])
    const file = await openSafetensors(join(folder, '6.safetensors'))
    await file.close()
    expect(JSON.parse(file.metadata.trainer ?? '')).toMatchObject({ step: 6, epoch: 2, sample: 0 })
  })

  it('that fails is an error of training, and so is one of a callback behind it', async () => {
    writeFileSync(join(folder, 'file'), '')
    const onEpoch: Callback['onEpoch'] = async (_, { saveCheckpoint }) =>
      void (await saveCheckpoint(join(folder, 'file', 'here.safetensors')))
    await using trained = trainer([], 1, { callbacks: [{ onEpoch }] })
    await expect(trained.fit(dataset(), job)).rejects.toMatchObject({ kind: 'file' })
    const broken: Callback = { onEpoch: () => Promise.reject(new Error('behind')) }
    const save: Callback = {
      onEpoch: async (_, { saveCheckpoint }) => void (await saveCheckpoint(join(folder, 'a.safetensors'))),
    }
    await using another = trainer([], 1, { callbacks: [save, broken] })
    await expect(another.fit(dataset(), job)).rejects.toThrow('behind')
    await another.saveCheckpoint(join(folder, 'after.safetensors'))
  })
})
