import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import type { Model } from '@convzoo/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Trainer } from '../node-trainer.js'
import { dataset, network, trainer, weightsOf } from '../testing/brighter.js'
import { writeElement } from '../testing/damage.js'
import { RunFolder } from './run-folder.js'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'convzoo-newest-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true, maxRetries: 9 }))

/** A run that has done so many epochs, with a checkpoint after each; the weights after each. */
async function trained(epochs: number): Promise<{ run: RunFolder; made: Trainer; weights: number[][]; model: Model }> {
  const run = await RunFolder.create(join(folder, 'run'), {})
  const weights: number[][] = []
  const made: Trainer = trainer([], 1, {
    callbacks: [
      {
        onStep: (record) => run.record(record),
        async onEpoch(record) {
          await run.record(record)
          await run.writeCheckpoint(made)
          weights.push(await weightsOf(made))
        },
      },
    ],
  })
  await made.fit(dataset(), { epochs, batchSize: 4 })
  return { run, made, weights, model: network() }
}

const score = { samples: 10, loss: 0.5, top1: 0.9, top5: 1 }

async function read(run: RunFolder) {
  const newest = await run.newestWeights()
  await using other = trainer([], 9)
  const from = await newest.read(async (tensors, source) => {
    await other.writeWeights(tensors)
    return source
  })
  return { newest, from, weights: await weightsOf(other) }
}

describe('the newest weights of a run', () => {
  it('are those of its newest checkpoint while it is not finished', async () => {
    const { run, weights } = await trained(2)
    const { newest, from, weights: found } = await read(run)
    expect(newest).toMatchObject({ kind: 'checkpoint', step: 6, epoch: 2, warnings: [] })
    expect(from).toMatchObject({ kind: 'checkpoint', step: 6, path: newest.path })
    expect(basename(newest.path)).toBe('step-00000006.safetensors')
    expect(found).toEqual(weights[1])
  })

  it.each(['test', 'validation'] as const)('are the finished ones once its last record is a %s', async (type) => {
    const { run, made, weights, model } = await trained(2)
    await run.writeWeights(model.weights, made)
    expect((await run.newestWeights()).kind).toBe('checkpoint')
    await run.record({ type, ...score })
    const { newest, weights: found } = await read(run)
    expect([newest.kind, basename(newest.path), newest.step]).toEqual(['finished', 'weights.safetensors', undefined])
    expect(found).toEqual(weights[1])
    expect(await run.finishedScore(2)).toEqual({ split: type, ...score })
    expect(await run.finishedScore()).toEqual({ split: type, ...score })
    expect(await run.finishedScore(3)).toBeUndefined()
  })

  it('are those of a checkpoint again when a finished run goes on', async () => {
    const { run, made, model } = await trained(2)
    await run.writeWeights(model.weights, made)
    await run.record({ type: 'test', ...score })
    await run.resume(made)
    await made.fit(dataset(), { epochs: 3, batchSize: 4 })
    expect(await run.newestWeights()).toMatchObject({ kind: 'checkpoint', step: 9, epoch: 3 })
    expect(await run.finishedScore()).toBeUndefined()
  })

  it.each([
    ['is cut off', (path: string) => truncateSync(path, 700), /step-00000006/],
    [
      'is not finite',
      (path: string) => writeElement(path, 'dense_1/bias', 1, Number.NaN),
      /NaN as element 1 of the tensor dense_1\/bias/,
    ],
    ['is something else', (path: string) => writeFileSync(path, 'GIF89a'), /step-00000006/],
  ])('are those of the checkpoint before one that %s, and it is said', async (_, damage, warning) => {
    const { run, weights } = await trained(2)
    damage((await run.checkpoints())[0] ?? '')
    const { newest, weights: found } = await read(run)
    expect(newest).toMatchObject({
      kind: 'checkpoint',
      step: 3,
      warnings: [expect.stringMatching(warning), 'step-00000003.safetensors is used instead.'],
    })
    expect(found).toEqual(weights[0])
  })

  it('are found while another one trains and checkpoints come and go', async () => {
    const { run, made } = await trained(2)
    const newest = await run.newestWeights()
    await made.fit(dataset(), { epochs: 5, batchSize: 4 })
    await using other = trainer([], 9)
    const from = await newest.read(async (tensors, source) => {
      // Those that are being read are removed, too.
      await made.fit(dataset(), { epochs: 8, batchSize: 4 })
      await other.writeWeights(tensors)
      return source
    })
    expect(from).toMatchObject({ kind: 'checkpoint', step: 15, epoch: 5 })
    expect(await run.newestWeights()).toMatchObject({ step: 24 })
  })

  it('are found although the metrics cannot be read', async () => {
    const { run } = await trained(1)
    rmSync(run.metrics.path)
    await RunFolder.open(run.path)
    expect(await run.newestWeights()).toMatchObject({ kind: 'checkpoint', step: 3 })
    writeFileSync(run.metrics.path, 'x'.repeat(2 ** 24 + 1))
    expect(await run.newestWeights()).toMatchObject({ kind: 'checkpoint', step: 3 })
  })

  it('are the finished ones where there are no checkpoints left', async () => {
    const { run, made, model } = await trained(1)
    await run.writeWeights(model.weights, made)
    rmSync(join(run.path, 'checkpoints'), { recursive: true })
    expect(await run.newestWeights()).toMatchObject({ kind: 'finished' })
  })

  it('are refused, file and tensor named, where the finished ones are not finite', async () => {
    const { run, made, model } = await trained(1)
    await run.writeWeights(model.weights, made)
    await run.record({ type: 'test', ...score })
    writeElement(join(run.path, 'weights.safetensors'), 'dense/kernel', 0, Number.POSITIVE_INFINITY)
    await expect(read(run)).rejects.toMatchObject({
      kind: 'file',
      message: expect.stringContaining('weights.safetensors'),
      received: 'Infinity as element 0 of the tensor dense/kernel',
    })
  })

  it('are refused by their shapes before they are read, their file named', async () => {
    const { run, made, model } = await trained(1)
    await run.writeWeights(model.weights, made)
    const wider = model.weights.map((weight) => (weight.name === 'dense/bias' ? { ...weight, shape: [9] } : weight))
    const checkpoint = await run.newestWeights()
    await run.record({ type: 'test', ...score })
    for (const newest of [checkpoint, await run.newestWeights()]) {
      await expect(newest.read(async () => 'read', model.weights)).resolves.toBe('read')
      await expect(newest.read(async () => 'read', wider)).rejects.toMatchObject({
        kind: 'state',
        message: expect.stringContaining(newest.path),
        received: 'of another shape dense/bias (8,) instead of (9,)',
      })
    }
  })

  it('are none before the first checkpoint', async () => {
    const run = await RunFolder.create(join(folder, 'empty'), {})
    await expect(run.newestWeights()).rejects.toMatchObject({ kind: 'file', received: 'neither' })
  })
})
