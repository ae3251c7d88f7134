import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { dataset, trainer, weightsOf } from '../testing/brighter.js'
import { rewriteMetadata, writeElement } from '../testing/damage.js'

let folder = ''
let path = ''
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'convzoo-damaged-'))
  path = join(folder, 'step-00000005.safetensors')
  const controller = new AbortController()
  await using stopped = trainer([], 1, {
    callbacks: [{ onStep: ({ step }) => (step === 4 ? controller.abort() : undefined) }],
  })
  await stopped.fit(dataset(), { epochs: 3, batchSize: 4, signal: controller.signal })
  await stopped.saveCheckpoint(path)
})
afterEach(() => rmSync(folder, { recursive: true, force: true, maxRetries: 9 }))

/** Writes other values into the JSON of one of the metadata. */
const change =
  (text: string, values: object): (() => void) =>
  () =>
    rewriteMetadata(path, (metadata) => ({
      ...metadata,
      [text]: JSON.stringify({ ...JSON.parse(metadata[text] ?? ''), ...values }),
    }))

const running = { samples: 8, loss: 1, top1: 4, top5: 8 }

describe('a checkpoint', () => {
  it('after five steps of three each epoch stands where it says', async () => {
    await using resumed = trainer()
    expect(await resumed.loadCheckpoint(path)).toMatchObject({ position: { step: 5, epoch: 1, sample: 8 } })
  })

  it.each([
    ['a sample beyond the images', change('trainer', { sample: 1e9 }), 'sample 1000000000 of 10'],
    [
      'a sample within a batch',
      change('trainer', { sample: 3, running: { ...running, samples: 3 } }),
      'sample 3 is none',
    ],
    ['another epoch than its steps lead to', change('trainer', { epoch: 99 }), 'step 5 in epoch 99'],
    ['an epoch that its steps have not reached', change('trainer', { epoch: 2 }), 'is step 8'],
    ['fewer steps than epochs', change('trainer', { step: 1 }), 'step 1 in epoch 1'],
    ['another step than its file', renamed, 'file of step 12'],
    [
      'sums over other samples',
      change('trainer', { running: { ...running, samples: 7 } }),
      'sums over 7 samples at sample 8',
    ],
    ['more right than there were', change('trainer', { running: { ...running, top5: 9 } }), '4 and 9 of 8'],
    ['more first than among five', change('trainer', { running: { ...running, top5: 3 } }), '4 and 3 of 8'],
    ['a loss that is no number', change('trainer', { running: { ...running, loss: null } }), 'loss null'],
    ['a loss beyond numbers', rewriteLoss, 'loss Infinity'],
    ['half a step', change('trainer', { step: 5.5 }), 'step 5.5'],
    ['images fewer than one', change('data', { images: 0 }), 'images 0'],
    ['a batch of none', change('data', { batchSize: 0 }), 'batchSize 0'],
    ['steps since a place beyond', change('data', { since: { step: 9, epoch: 9, sample: 0 } }), 'is none'],
    ['a fingerprint that is none', change('data', { fingerprint: 7 }), 'fingerprint 7'],
    ['no images', () => rewriteMetadata(path, ({ data, ...rest }) => rest), 'step 5 of epoch 1 without images'],
    ['classes that are no texts', () => rewriteMetadata(path, (all) => ({ ...all, classes: '[1,2]' })), '[1,2]'],
    ['another number of classes', () => rewriteMetadata(path, (all) => ({ ...all, classes: '["one"]' })), '1: one'],
    ['a class twice', () => rewriteMetadata(path, (all) => ({ ...all, classes: '["a","a"]' })), 'more than once: "a"'],
    ['settings nested without end', nested('settings'), 'JSON nested more than 64 deep'],
    ['a position nested without end', nested('trainer'), 'JSON nested more than 64 deep'],
    ['settings that are a list', () => rewriteMetadata(path, (all) => ({ ...all, settings: '[]' })), '[]'],
    [
      'NaN among its weights',
      () => writeElement(path, 'dense/kernel', 3, Number.NaN),
      'NaN as element 3 of the tensor dense/kernel',
    ],
    [
      'an infinite velocity',
      () => writeElement(path, 'dense_1/bias/velocity', 1, Number.POSITIVE_INFINITY),
      'Infinity as element 1 of the tensor dense_1/bias/velocity',
    ],
  ])('that says %s is refused, its file named, and nothing changes', async (_, damage, received) => {
    damage()
    await using loading = trainer()
    await expect(loading.loadCheckpoint(path)).rejects.toMatchObject({
      kind: 'file',
      message: expect.stringContaining(path),
      received: expect.stringContaining(received),
    })
    expect(loading.position).toEqual({ step: 0, epoch: 0, sample: 0 })
    await using fresh = trainer()
    expect(await weightsOf(loading)).toEqual(await weightsOf(fresh))
  })

  it('after two trainings on different data is not mistaken for a damaged one', async () => {
    await using trained = trainer()
    await trained.fit(dataset(), { epochs: 1, batchSize: 4 })
    const controller = new AbortController()
    await using again = trainer([], 1, {
      callbacks: [{ onStep: ({ step }) => (step === 8 ? controller.abort() : undefined) }],
    })
    await again.fit(dataset(), { epochs: 1, batchSize: 4 })
    await again.fit(dataset(6), { epochs: 9, batchSize: 1, signal: controller.signal })
    const mixed = join(folder, 'mixed.safetensors')
    await again.saveCheckpoint(mixed)
    expect(await trained.loadCheckpoint(mixed)).toMatchObject({ position: { step: 9, epoch: 2, sample: 0 } })
  })
})

function renamed(): void {
  const other = join(folder, 'step-00000012.safetensors')
  cpSync(path, other)
  path = other
}

function nested(text: string): () => void {
  return () => rewriteMetadata(path, (metadata) => ({ ...metadata, [text]: '{"a":'.repeat(100_000) }))
}

function rewriteLoss(): void {
  rewriteMetadata(path, (metadata) => ({
    ...metadata,
    trainer: (metadata.trainer ?? '').replace(/"loss":[^,]*/, '"loss":1e999'),
  }))
}
