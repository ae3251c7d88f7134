import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { StepRecord } from '@convzoo/core'
import { interpreterEngine } from '@convzoo/core/engine'
import { afterAll, describe, expect, it } from 'vitest'
import { keepBest, Trainer as TrainerOfBrowsers, type TrainerOptions } from './browser.js'
import { Trainer } from './index.js'
import { dataset, network, optimizer, weightsOf } from './testing/brighter.js'

const folder = mkdtempSync(join(tmpdir(), 'convzoo-browser-'))
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 9 }))

const parts = (more: Partial<TrainerOptions> = {}): TrainerOptions => ({
  model: network(),
  engine: interpreterEngine({ precision: 'float32' }),
  optimizer: optimizer(),
  ...more,
})
const inBrowser = (more?: Partial<TrainerOptions>) => new TrainerOfBrowsers(parts(more))

/** Stops after so many steps. */
const stopAfter = (steps: number): Partial<TrainerOptions> & { readonly signal: AbortSignal } => {
  const stop = new AbortController()
  return {
    signal: stop.signal,
    callbacks: [{ onStep: ({ step }) => void (step + 1 === steps && stop.abort()) }],
  }
}

/** Trained by two steps, in the midst of an epoch. */
async function stopped<T extends Trainer | TrainerOfBrowsers>(make: (more: Partial<TrainerOptions>) => T): Promise<T> {
  const { signal, ...more } = stopAfter(2)
  const trainer = make(more)
  await trainer.fit(dataset(), { epochs: 3, batchSize: 4, signal })
  return trainer
}

async function bytesOf(trainer: TrainerOfBrowsers, name: string): Promise<Buffer> {
  await trainer.saveCheckpoint(name)
  const blob = trainer.checkpoints.get(name)
  return Buffer.from((await blob?.arrayBuffer()) ?? new ArrayBuffer(0))
}

describe('the trainer of browsers', () => {
  it('saves the bytes that the one of Node.js saves', async () => {
    const path = join(folder, 'stopped.safetensors')
    await (await stopped((more) => new Trainer(parts(more)))).saveCheckpoint(path)
    expect(await bytesOf(await stopped(inBrowser), 'stopped')).toEqual(readFileSync(path))
  })

  it('goes on from a file as one that never stopped', async () => {
    const whole = new Trainer(parts())
    await whole.fit(dataset(), { epochs: 3, batchSize: 4 })
    const path = join(folder, 'half.safetensors')
    await (await stopped((more) => new Trainer(parts(more)))).saveCheckpoint(path)
    const trainer = inBrowser()
    trainer.checkpoints.set('half.safetensors', new Blob([readFileSync(path)]))
    const { position } = await trainer.loadCheckpoint('half.safetensors')
    expect(position).toEqual({ step: 2, epoch: 0, sample: 8 })
    await trainer.fit(dataset(), { epochs: 3, batchSize: 4 })
    const weights: number[] = []
    for await (const { data } of trainer.readWeights()) weights.push(...data)
    expect(weights).toEqual(await weightsOf(whole))
  })

  it('says which checkpoints there are where one is missing', async () => {
    const trainer = inBrowser()
    await trainer.saveCheckpoint('first')
    await expect(trainer.loadCheckpoint('other')).rejects.toMatchObject({
      kind: 'file',
      expected: 'one of first',
      received: '"other"',
    })
  })

  it('saves from callbacks what the callbacks after them keep of the same step', async () => {
    const steps: StepRecord[] = []
    const later = { name: 'later', onStep: (step: StepRecord) => void steps.push(step), state: () => steps.length }
    const trainer = inBrowser({
      callbacks: [
        keepBest({ monitor: 'training.loss', path: 'best' }),
        { onStep: async (_, context) => void (await context.saveCheckpoint('newest')) },
        { ...later, restore: () => undefined },
      ],
    })
    await trainer.fit(dataset(), { epochs: 2, batchSize: 4 })
    expect([...trainer.checkpoints.keys()]).toEqual(['newest', 'best'])
    const text = await trainer.checkpoints.get('newest')?.slice(8, 4096).text()
    expect(text).toContain('\\"later\\":{\\"state\\":6')
  })

  it('evaluates from within an evaluation while training waits for both', async () => {
    const trainer = await stopped(inBrowser)
    const scores: number[] = []
    let fitted: Promise<unknown> | undefined
    await trainer.evaluate(dataset(), {
      batchSize: 4,
      async onEvaluated(done) {
        if (done !== 4) return
        fitted = trainer.fit(dataset(), { epochs: 3, batchSize: 4 })
        // It has come to where it waits.
        await new Promise((resolve) => setTimeout(resolve, 100))
        const { loss } = await trainer.evaluate(dataset(), { batchSize: 4 })
        scores.push(loss)
      },
    })
    await fitted
    expect(scores).toHaveLength(1)
    expect(trainer.position.epoch).toBe(3)
  })
})
