import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Dataset, dense, flatten, functionalModel, input, type NamedTensor, type StepRecord } from '@convzoo/core'
import { interpreterEngine } from '@convzoo/core/engine'
import { openSafetensors } from '@convzoo/safetensors'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Trainer } from './node-trainer.js'
import { RunFolder } from './run/index.js'
import { dataset, network, optimizer, trainer, weightsOf } from './testing/brighter.js'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'convzoo-trainer-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 9 }))

describe('Trainer', () => {
  it('learns what can be learned, and says so', async () => {
    await using trained = trainer()
    const before = await trained.evaluate(dataset(), { batchSize: 4 })
    const { completed, epochs } = await trained.fit(dataset(), { epochs: 20, batchSize: 4, validation: dataset() })
    const after = await trained.evaluate(dataset(), { batchSize: 4 })
    expect(completed).toBe(true)
    expect(epochs).toHaveLength(20)
    expect(after.loss).toBeLessThan(before.loss / 2)
    expect(after.top1).toBe(1)
    expect(after.confusion).toEqual([
      [5, 0],
      [0, 5],
    ])
    expect(epochs.at(-1)?.validation?.loss).toBeCloseTo(after.loss, 10)
  })

  it('validates as often as it is told to, and after the last epoch, which it tells in full', async () => {
    await using trained = trainer()
    const seen: [number, number][] = []
    const { epochs, validation } = await trained.fit(dataset(), {
      epochs: 5,
      batchSize: 4,
      validation: dataset(),
      validateEvery: 2,
      validationBatchSize: 5,
      onValidated: (done, total) => void seen.push([done, total]),
    })
    expect(epochs.map((epoch) => epoch.validation !== undefined)).toEqual([false, true, false, true, true])
    expect(seen).toEqual(
      [1, 2, 3].flatMap(() => [
        [5, 10],
        [10, 10],
      ]),
    )
    expect(validation).toEqual(await trained.evaluate(dataset(), { batchSize: 5 }))
  })

  it('goes through every sample once an epoch, the last batch smaller', async () => {
    const steps: StepRecord[] = []
    await using trained = trainer(steps)
    await trained.fit(dataset(), { epochs: 2, batchSize: 4 })
    expect(steps.map(({ samples: count }) => count)).toEqual([4, 4, 2, 4, 4, 2])
    expect(steps.map(({ step, epoch }) => [step, epoch])).toEqual([
      [0, 0],
      [1, 0],
      [2, 0],
      [3, 1],
      [4, 1],
      [5, 1],
    ])
  })

  it('repeats itself for the same seed, and only for it', async () => {
    const run = async (seed: number) => {
      await using trained = trainer([], seed)
      await trained.fit(dataset(), { epochs: 2, batchSize: 4 })
      return await weightsOf(trained)
    }
    const first = await run(1)
    expect(await run(1)).toEqual(first)
    expect(await run(2)).not.toEqual(first)
  })

  it('stops after the step under way when it is told to', async () => {
    const controller = new AbortController()
    await using trained = new Trainer({
      model: network(),
      engine: interpreterEngine(),
      optimizer: optimizer(),
      callbacks: [{ onStep: ({ step }) => (step === 1 ? controller.abort() : undefined) }],
    })
    const { completed } = await trained.fit(dataset(), { epochs: 5, batchSize: 4, signal: controller.signal })
    expect(completed).toBe(false)
    expect(trained.position).toEqual({ step: 2, epoch: 0, sample: 8 })
  })

  it('keeps the weights from before a step that is not finite, and gives advice', async () => {
    let batches = 0
    const broken: Dataset = {
      ...dataset(),
      batch: async (indices) => {
        const batch = await dataset().batch(indices)
        return batches++ === 0 ? batch : { ...batch, images: batch.images.map(() => Number.NaN) }
      },
    }
    let before: number[] = []
    await using trained = trainer([], 1, {
      callbacks: [
        {
          onStep: async () => {
            before = await weightsOf(trained)
          },
        },
      ],
    })
    await expect(trained.fit(broken, { epochs: 1, batchSize: 4 })).rejects.toThrow(/lower the learning rate/)
    expect(before).not.toEqual([])
    expect(await weightsOf(trained)).toEqual(before)
  })

  it('refuses a dataset that does not fit', async () => {
    await using trained = trainer()
    await expect(trained.fit({ ...dataset(), imageShape: [3, 3, 1] }, { epochs: 1, batchSize: 4 })).rejects.toThrow(
      /\(2, 2, 1\)/,
    )
    await expect(trained.fit({ ...dataset(), classes: ['one'] }, { epochs: 1, batchSize: 4 })).rejects.toThrow(
      /classes/,
    )
    await expect(trained.fit(dataset(), { epochs: 1, batchSize: 0 })).rejects.toThrow(/batchSize/)
  })
})

describe('weights', () => {
  it.each([Number.NaN, Number.NEGATIVE_INFINITY])(
    'of %s are refused, their tensor named, and nothing changes',
    async (value) => {
      await using trained = trainer()
      const before = await weightsOf(trained)
      const tensors: NamedTensor[] = []
      for await (const { name, shape, data } of trained.readWeights())
        tensors.push({ name, shape, data: data.map(() => 1) })
      tensors[3]?.data.set([value], 1)
      await expect(trained.writeWeights(tensors)).rejects.toMatchObject({
        kind: 'numeric',
        received: `${value} as element 1 of the tensor dense_1/bias`,
      })
      expect(await weightsOf(trained)).toEqual(before)
    },
  )
})

describe('RunFolder', () => {
  /** A run with the weights of a trainer, in a folder that the test names. */
  async function runOf(name: string, trained: Trainer): Promise<RunFolder> {
    const run = await RunFolder.create(join(folder, name), {})
    await run.writeWeights(network().weights, trained)
    return run
  }

  it('keeps weights so that another trainer evaluates the same', async () => {
    await using trained = trainer()
    await trained.fit(dataset(), { epochs: 3, batchSize: 4 })
    const run = await runOf('kept', trained)
    await using other = trainer([], 9)
    await run.readWeights((tensors) => other.writeWeights(tensors))
    expect(await weightsOf(other)).toEqual(await weightsOf(trained))
  })

  it('writes safetensors that the format allows: sorted, padded, contiguous', async () => {
    await using trained = trainer()
    await runOf('format', trained)
    const bytes = readFileSync(join(folder, 'format', 'weights.safetensors'))
    const length = Number(bytes.readBigUInt64LE(0))
    expect(length % 8).toBe(0)
    const header = JSON.parse(bytes.subarray(8, 8 + length).toString('utf8'))
    expect(Object.entries(header)).toEqual([
      ['dense/bias', { dtype: 'F32', shape: [8], data_offsets: [0, 32] }],
      ['dense/kernel', { dtype: 'F32', shape: [4, 8], data_offsets: [32, 160] }],
      ['dense_1/bias', { dtype: 'F32', shape: [2], data_offsets: [160, 168] }],
      ['dense_1/kernel', { dtype: 'F32', shape: [8, 2], data_offsets: [168, 232] }],
    ])
    expect(bytes.length).toBe(8 + length + 232)
  })

  it('refuses files that are cut off, foreign or missing', async () => {
    await using trained = trainer()
    await runOf('broken', trained)
    const path = join(folder, 'broken', 'weights.safetensors')
    truncateSync(path, 300)
    await expect(openSafetensors(path)).rejects.toThrow(/bytes of data/)
    truncateSync(path, 4)
    await expect(openSafetensors(path)).rejects.toThrow(/4 bytes/)
    writeFileSync(path, 'GIF89a is not what it should be')
    await expect(openSafetensors(path)).rejects.toThrow(/header of \d+ bytes/)
    await expect(openSafetensors(join(folder, 'nothing'))).rejects.toThrow(/cannot be read[\s\S]*no such file/)
  })

  it('refuses weights of another network and says which differ', async () => {
    const images = input({ shape: [2, 2, 1] })
    const other = functionalModel({
      inputs: images,
      output: dense({ units: 2, activation: 'softmax' })(flatten()(images)),
    })
    await using written = trainer()
    const run = await runOf('foreign', written)
    await using trained = new Trainer({ model: other, engine: interpreterEngine() })
    await expect(run.readWeights((tensors) => trained.writeWeights(tensors))).rejects.toThrow(/dense/)
  })
})
