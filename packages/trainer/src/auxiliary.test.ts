import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { dense, flatten, functionalModel, input, type Model } from '@convzoo/core'
import { openSafetensors } from '@convzoo/safetensors'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Trainer } from './node-trainer.js'
import { RunFolder } from './run/index.js'
import { dataset, optimizer, trainer, weightsOf } from './testing/brighter.js'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'convzoo-auxiliary-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 9 }))

/** A trunk with the output, and a head of two layers that exists in training only. */
function network(heads: boolean): Model {
  const images = input({ shape: [2, 2, 1] })
  const trunk = dense({ units: 6, activation: 'tanh', name: 'trunk' })(flatten()(images))
  const side = dense({ units: 2, activation: 'softmax', name: 'side' })(dense({ units: 3, name: 'middle' })(trunk))
  return functionalModel({
    inputs: images,
    output: dense({ units: 2, activation: 'softmax', name: 'main' })(trunk),
    auxiliary: heads ? [{ output: side, lossWeight: 0.5 }] : [],
  })
}

const job = { epochs: 2, batchSize: 4, validation: dataset() }
const made = (heads: boolean, seed = 1): Trainer => trainer([], seed, { model: network(heads) })
const headNames = ['middle/bias', 'middle/kernel', 'side/bias', 'side/kernel']

async function stateOf(trained: Trainer): Promise<ReadonlyMap<string, Float32Array>> {
  const state = new Map<string, Float32Array>()
  for await (const { name, data } of trained.readState()) state.set(name, data)
  return state
}

describe('an auxiliary head', () => {
  it('starts as its initializers say and is trained, and the network with it', async () => {
    await using trained = made(true)
    const start = await stateOf(trained)
    expect(start.get('side/kernel')?.some((weight) => weight !== 0)).toBe(true)
    await trained.fit(dataset(), job)
    const end = await stateOf(trained)
    for (const name of [...headNames, 'trunk/kernel']) expect(end.get(name), name).not.toEqual(start.get(name))

    await using without = made(false)
    await without.fit(dataset(), job)
    expect((await stateOf(without)).get('trunk/kernel')).not.toEqual(end.get('trunk/kernel'))
  })

  it('is there whatever was asked for first', async () => {
    await using whole = made(true)
    await whole.fit(dataset(), job)
    await using late = made(true)
    await late.evaluate(dataset(), { batchSize: 5 })
    await late.predict(new Float32Array(4))
    await late.fit(dataset(), job)
    expect(await stateOf(late)).toEqual(await stateOf(whole))
  })

  it('is not among the weights that a run serves from its newest checkpoint', async () => {
    const run = await RunFolder.create(join(folder, 'unfinished'), {})
    await using trained = made(true)
    await trained.fit(dataset(), job)
    await run.writeCheckpoint(trained)
    const weights = await run.newestWeights()
    await using other = trainer([], 9, { model: network(true), optimizer: undefined })
    await weights.read((tensors) => other.writeWeights(tensors), network(true).weights)
    expect(await weightsOf(other)).toEqual(await weightsOf(trained))
  })

  it('is in a checkpoint, with its slots, from which a resumed run ends bit for bit as one that never stopped', async () => {
    await using whole = made(true)
    await whole.fit(dataset(), job)

    const path = join(folder, 'stopped.safetensors')
    const controller = new AbortController()
    await using stopped = trainer([], 1, {
      model: network(true),
      callbacks: [{ onStep: ({ step }) => (step === 3 ? controller.abort() : undefined) }],
    })
    await stopped.fit(dataset(), { ...job, signal: controller.signal })
    await stopped.saveCheckpoint(path)
    const file = await openSafetensors(path)
    await file.close()
    const names = file.tensors.map(({ name }) => name)
    expect(names).toEqual(expect.arrayContaining(headNames.flatMap((name) => [name, `${name}/velocity`])))

    await using resumed = made(true)
    await resumed.loadCheckpoint(path)
    await resumed.fit(dataset(), job)
    expect(await stateOf(resumed)).toEqual(await stateOf(whole))
  })

  it('is no part of finished weights, which evaluate and predict without an optimizer, and start another training', async () => {
    await using trained = made(true)
    await trained.fit(dataset(), job)
    const run = await RunFolder.create(join(folder, 'finished'), {})
    const { weights } = network(true)
    await run.writeWeights(weights, trained)
    expect(weights.map(({ name }) => name)).toEqual(['trunk/kernel', 'trunk/bias', 'main/kernel', 'main/bias'])

    for (const rule of [undefined, optimizer()]) {
      await using other = trainer([], 9, { model: network(true), optimizer: rule })
      await run.readWeights((tensors) => other.writeWeights(tensors))
      expect(await weightsOf(other)).toEqual(await weightsOf(trained))
      expect(await other.evaluate(dataset(), { batchSize: 5 })).toEqual(
        await trained.evaluate(dataset(), { batchSize: 5 }),
      )
    }
  })
})
