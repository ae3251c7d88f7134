import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { NamedTensor } from '@convzoo/core'
import { openSafetensors } from '@convzoo/safetensors'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Trainer } from './node-trainer.js'
import { RunFolder } from './run/index.js'
import { dataset, trainer, weightsOf } from './testing/brighter.js'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'convzoo-moments-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const options = { epochs: 24, batchSize: 4 }

async function textOf(tensors: AsyncIterable<NamedTensor>): Promise<string> {
  const read: Record<string, number[]> = {}
  for await (const { name, data } of tensors) read[name] = Array.from(data)
  return JSON.stringify(Object.entries(read).sort(([a], [b]) => (a < b ? -1 : 1)))
}

async function fileText(path: string): Promise<string> {
  const file = await openSafetensors(path)
  try {
    return await textOf(file.read())
  } finally {
    await file.close()
  }
}

/** The state before the first step and after each, of a run that nobody disturbs. */
async function states(): Promise<readonly string[]> {
  const seen: string[] = []
  const onStep = async (): Promise<void> => void seen.push(await textOf(undisturbed.readState()))
  await using undisturbed: Trainer = trainer([], 1, { callbacks: [{ onStep }] })
  seen.push(await textOf(undisturbed.readState()))
  await undisturbed.fit(dataset(), options)
  return seen
}

const soon = (turns: number): Promise<void> =>
  Array.from({ length: turns }).reduce<Promise<void>>(
    (before) => before.then(() => new Promise((resolve) => setImmediate(resolve))),
    Promise.resolve(),
  )

describe('beside a training', () => {
  it('a state that is read at any moment is that after some step, and training ends as if nobody had looked', async () => {
    const known = await states()
    await using trained = trainer()
    let isOver = false
    const training = trained.fit(dataset(), options).finally(() => {
      isOver = true
    })
    const reads: Promise<string>[] = []
    while (!isOver) {
      reads.push(textOf(trained.readState()))
      await soon(reads.length % 5)
    }
    await training
    const read = await Promise.all(reads)
    expect(read.length).toBeGreaterThan(10)
    expect(read.filter((text) => !known.includes(text))).toEqual([])
    expect(new Set(read).size).toBeGreaterThan(5)
    expect(await textOf(trained.readState())).toBe(known.at(-1))
  })

  it('a checkpoint holds the state of the step that it names, however slow the reader', async () => {
    const known = await states()
    await using trained = trainer()
    const run = await RunFolder.create(join(folder, 'run'), {})
    const training = trained.fit(dataset(), options)
    const saved: string[] = []
    for (let count = 0; count < 11; count++) {
      await soon(4 * count)
      const path = join(folder, `${count}.safetensors`)
      await trained.saveCheckpoint(path)
      await run.writeCheckpoint(trained)
      saved.push(path)
    }
    await training
    for (const path of [...saved, ...(await run.checkpoints())]) {
      await using loaded = trainer()
      const { position } = await loaded.loadCheckpoint(path)
      expect(await fileText(path)).toBe(known[position.step])
      // It goes on to the same end.
      await loaded.fit(dataset(), options)
      expect(await textOf(loaded.readState())).toBe(known.at(-1))
    }
  })

  it('a reader that takes its time neither stops it nor sees a later moment', async () => {
    const known = await states()
    await using trained = trainer()
    const reader = trained.readState()[Symbol.asyncIterator]()
    const first = await reader.next()
    const abandoned = trained.readState()[Symbol.asyncIterator]()
    await abandoned.next()
    await trained.fit(dataset(), options)
    await trained.predict(new Float32Array(4 * 21))
    async function* all() {
      if (first.done !== true) yield first.value
      for (let next = await reader.next(); next.done !== true; next = await reader.next()) yield next.value
    }
    expect(await textOf(all())).toBe(known[0])
  })

  it('an evaluation and a prediction are by the weights of one step', async () => {
    const scores: number[] = []
    const probabilities: string[] = []
    const images = Float32Array.from({ length: 4 * 9 }, (_, index) => (index % 5) / 5)
    const onStep = async (): Promise<void> => {
      scores.push((await undisturbed.evaluate(dataset(), { batchSize: 3 })).loss)
      probabilities.push(String(await undisturbed.predict(images)))
    }
    await using undisturbed: Trainer = trainer([], 1, { callbacks: [{ onStep }] })
    await undisturbed.prepare({ train: [{ samples: 10, batchSize: 4 }] })
    scores.push((await undisturbed.evaluate(dataset(), { batchSize: 3 })).loss)
    probabilities.push(String(await undisturbed.predict(images)))
    await undisturbed.fit(dataset(), options)

    await using trained = trainer()
    const training = trained.fit(dataset(), options)
    for (let count = 0; count < 10; count++) {
      const [{ loss }, predicted] = await Promise.all([
        trained.evaluate(dataset(), { batchSize: 3 }),
        trained.predict(images),
      ])
      expect(scores).toContain(loss)
      expect(probabilities).toContain(String(predicted))
    }
    await training
  })

  it('weights and checkpoints are not taken, from wherever they come', async () => {
    await using other = trainer([], 2)
    const path = join(folder, 'other.safetensors')
    await other.saveCheckpoint(path)
    const refused = { kind: 'state', message: expect.stringContaining('is training') }
    const seen: unknown[] = []
    const onStep = async (): Promise<void> => {
      seen.push(await trained.writeWeights(trained.readWeights()).catch((error: unknown) => error))
      seen.push(await trained.loadCheckpoint(path).catch((error: unknown) => error))
    }
    await using trained: Trainer = trainer([], 1, { callbacks: [{ onStep }] })
    const training = trained.fit(dataset(), { epochs: 1, batchSize: 10 })
    await expect(trained.writeWeights(other.readWeights())).rejects.toMatchObject(refused)
    await expect(trained.loadCheckpoint(path)).rejects.toMatchObject(refused)
    await expect(trained.fit(dataset(), options)).rejects.toMatchObject(refused)
    await training
    expect(seen).toMatchObject([refused, refused])
    expect(trained.position).toEqual({ step: 1, epoch: 1, sample: 0 })
  })

  it('that begins while weights are collected, they are refused', async () => {
    await using trained = trainer()
    let begin = (): void => undefined
    const begun = new Promise<void>((resolve) => {
      begin = resolve
    })
    async function* slow() {
      yield* trained.readWeights()
      await begun
    }
    const writing = trained.writeWeights(slow())
    const training = trained.fit(dataset(), options)
    begin()
    await expect(writing).rejects.toMatchObject({ kind: 'state' })
    await training
  })
})

describe('weights that are written', () => {
  it('may be made of those that are there', async () => {
    await using trained = trainer()
    await trained.fit(dataset(), { epochs: 1, batchSize: 4 })
    const before = await weightsOf(trained)
    await trained.writeWeights(trained.readWeights())
    expect(await weightsOf(trained)).toEqual(before)
    async function* halves() {
      const shared = new Float32Array(32)
      for await (const { name, shape, data } of trained.readWeights()) {
        const half = shared.subarray(0, data.length)
        half.set(data.map((value) => value / 2))
        yield { name, shape, data: half }
        // Whatever a generator does with what it gave, and with the trainer, between two tensors.
        await trained.predict(new Float32Array(4))
      }
    }
    await trained.writeWeights(halves())
    expect(await weightsOf(trained)).toEqual(before.map((value) => value / 2))
  })

  it('may be the mean of two trainers, each written to the other', async () => {
    await using one = trainer([], 1)
    await using two = trainer([], 2)
    const [first, second] = [await weightsOf(one), await weightsOf(two)]
    await Promise.all([one.writeWeights(two.readWeights()), two.writeWeights(one.readWeights())])
    const either = [first, second]
    expect(either).toContainEqual(await weightsOf(one))
    expect(either).toContainEqual(await weightsOf(two))
  })
})

describe('a dataset or a callback of an evaluation', () => {
  it('may read and predict', async () => {
    await using trained = trainer()
    const curious = {
      ...dataset(),
      batch: async (indices: ArrayLike<number>) => {
        await trained.predict(new Float32Array(4 * 3))
        await weightsOf(trained)
        return dataset().batch(indices)
      },
    }
    const training = trained.fit(dataset(), options)
    const onEvaluated = async (): Promise<void> => {
      await trained.evaluate(dataset(), { batchSize: 10 })
      await trained.saveCheckpoint(join(folder, 'within.safetensors'))
    }
    expect(await trained.evaluate(curious, { batchSize: 2, onEvaluated })).toMatchObject({ samples: 10 })
    await training
  })

  it('may not change what is evaluated', async () => {
    await using trained = trainer()
    const onEvaluated = async () => void (await trained.writeWeights(trained.readWeights()))
    const refused = trained.evaluate(dataset(), { batchSize: 2, onEvaluated })
    await expect(refused).rejects.toMatchObject({ kind: 'state' })
    await trained.writeWeights(trained.readWeights())
  })
})
