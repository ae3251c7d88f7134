import { copyFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  adamW,
  dense,
  type EpochRecord,
  flatten,
  functionalModel,
  input,
  type NamedTensor,
  type StepRecord,
  sgdw,
} from '@convzoo/core'
import { interpreterEngine } from '@convzoo/core/engine'
import { openSafetensors, writeSafetensors } from '@convzoo/safetensors'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Trainer } from '../node-trainer.js'
import { dataset, network, trainer, weightsOf } from '../testing/brighter.js'

const job = { epochs: 2, batchSize: 4, validation: dataset() }

let folder = ''
/** A checkpoint after so many steps, which the tests read. */
const made = (steps: 2 | 4): string => join(folder, `made-${steps}.safetensors`)
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'convzoo-checkpoint-'))
  for (const steps of [2, 4] as const) await stoppedAfter(steps, made(steps))
})
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 9 }))

/** Trains until a number of steps is done and writes a checkpoint. */
async function stoppedAfter(stop: number, path: string): Promise<StepRecord[]> {
  const steps: StepRecord[] = []
  const controller = new AbortController()
  await using stopped = trainer(steps, 1, {
    callbacks: [
      {
        onStep: (record) => {
          steps.push(record)
          if (record.step + 1 === stop) controller.abort()
        },
      },
    ],
  })
  await stopped.fit(dataset(), { ...job, signal: controller.signal })
  await stopped.saveCheckpoint(path)
  return steps
}

/** What does not depend on the clock. */
const lasting = (steps: readonly StepRecord[]) => steps.map(({ seconds, waited, ...rest }) => rest)
const scores = (epochs: readonly EpochRecord[]) => epochs.map(({ seconds, ...rest }) => rest)

async function refusal(loading: Trainer, path: string): Promise<string> {
  const error: unknown = await loading.loadCheckpoint(path).catch((reason: unknown) => reason)
  return error instanceof Error ? error.message : 'nothing was refused'
}

describe('a checkpoint', () => {
  it.each([1, 2, 3, 4, 5, 6])('after step %i of 6 leads to the run that never stopped', async (stop) => {
    const steps: StepRecord[] = []
    await using whole = trainer(steps)
    const { epochs } = await whole.fit(dataset(), job)

    const path = join(folder, `${stop}.safetensors`)
    const before = await stoppedAfter(stop, path)
    const after: StepRecord[] = []
    await using resumed = trainer(after)
    expect(await resumed.loadCheckpoint(path)).toMatchObject({ position: { step: stop }, warnings: [] })
    const rest = await resumed.fit(dataset(), job)

    expect(await weightsOf(resumed)).toEqual(await weightsOf(whole))
    expect(lasting([...before, ...after])).toEqual(lasting(steps))
    const known = epochs.slice(epochs.length - rest.epochs.length)
    expect(scores(rest.epochs)).toEqual(scores(known))
  })

  it('is read where the slots of its optimizer had other names', async () => {
    const [path, former] = [join(folder, 'moments.safetensors'), join(folder, 'former.safetensors')]
    const adam = { optimizer: adamW({ learningRate: 0.05 }) }
    await using trained = trainer([], 1, adam)
    await trained.fit(dataset(), { ...job, epochs: 1 })
    await trained.saveCheckpoint(path)

    const file = await openSafetensors(path)
    const old = (name: string): string => name.replace(/firstMoment$/, 'mean').replace(/secondMoment$/, 'meanSquare')
    const tensors = new Map<string, NamedTensor>()
    for await (const tensor of file.read()) tensors.set(old(tensor.name), { ...tensor, name: old(tensor.name) })
    await file.close()
    expect(tensors.keys()).toContain('dense/kernel/meanSquare')
    await writeSafetensors(former, {
      specs: [...tensors.values()],
      async *read(names) {
        for (const name of names) yield tensors.get(name) ?? expect.unreachable(name)
      },
      metadata: file.metadata,
    })

    await using resumed = trainer([], 1, adam)
    await resumed.loadCheckpoint(former)
    await trained.fit(dataset(), job)
    await resumed.fit(dataset(), job)
    expect(await weightsOf(resumed)).toEqual(await weightsOf(trained))
  })

  it('holds all state by name and the trainer in its metadata, with sorted names and no times', async () => {
    const file = await openSafetensors(made(4))
    await file.close()
    const names = file.tensors.map(({ name }) => name)
    expect(names).toEqual(names.toSorted())
    expect(names).toContain('dense/kernel/velocity')
    expect(Object.keys(file.metadata)).toEqual(['classes', 'data', 'environment', 'format', 'settings', 'trainer'])
    expect(JSON.parse(file.metadata.classes ?? '')).toEqual(['first', 'last'])
    expect(JSON.parse(file.metadata.data ?? '')).toMatchObject({ name: 'brighter', images: 10, batchSize: 4 })
    expect(JSON.parse(file.metadata.trainer ?? '')).toMatchObject({
      step: 4,
      epoch: 1,
      sample: 4,
      running: { samples: 4 },
    })
    const again = join(folder, 'again.safetensors')
    await stoppedAfter(4, again)
    expect(readFileSync(again).equals(readFileSync(made(4)))).toBe(true)
  })

  it('of other settings is refused with what differs, and changes nothing', async () => {
    await using other = trainer([], 2, { identity: { architecture: 'other.net' } })
    const before = await weightsOf(other)
    expect(await refusal(other, made(2))).toMatch(
      /expected: architecture not given; seed 1\n.*architecture other\.net; seed 2/,
    )
    expect(await weightsOf(other)).toEqual(before)
    expect(other.position.step).toBe(0)
  })

  it('of another dataset or batch size is refused when training would go on', async () => {
    await using resumed = trainer()
    await resumed.loadCheckpoint(made(2))
    await expect(resumed.fit(dataset(8), job)).rejects.toThrow(
      /expected: brighter, 10 images \(2, 2, 1\)\n.*received: brighter, 8 images/,
    )
    await expect(resumed.fit(dataset(), { ...job, batchSize: 2 })).rejects.toThrow(
      /expected: batch size 4\n.*received: batch size 2/,
    )
    await resumed.fit(dataset(), job)
    expect(resumed.position.epoch).toBe(2)
  })

  it('of another network is refused with the tensors that differ', async () => {
    const images = input({ shape: [2, 2, 1] })
    const wider = functionalModel({
      inputs: images,
      output: dense({ units: 2, activation: 'softmax' })(dense({ units: 9 })(flatten()(images))),
    })
    await using other = trainer([], 1, { model: wider })
    expect(await refusal(other, made(2))).toMatch(/dense\/kernel \(4, 8\) instead of \(4, 9\)/)
    await using plain = trainer([], 1, { optimizer: sgdw({ weightDecay: 1e-4, learningRate: 0.1 }) })
    expect(await refusal(plain, made(2))).toMatch(/unknown dense\/bias\/velocity/)
  })

  it('made by another engine is read with a warning', async () => {
    const engine = interpreterEngine({ precision: 'float32' })
    await using other = trainer([], 1, {
      engine: {
        ...engine,
        compile: async (program) => ({ ...(await engine.compile(program)), description: 'another processor' }),
      },
    })
    const { warnings } = await other.loadCheckpoint(made(2))
    expect(warnings).toHaveLength(1)
    expect(warnings[0]).toMatch(/this is another processor: the last bits/)
  })

  it('that is cut off, foreign or without a trainer is refused', async () => {
    const path = join(folder, 'bad.safetensors')
    await using loading = trainer()
    copyFileSync(made(2), path)
    truncateSync(path, 900)
    expect(await refusal(loading, path)).toMatch(/cannot be read/)
    writeFileSync(path, 'GIF89a is not what it should be')
    expect(await refusal(loading, path)).toMatch(/header of \d+ bytes/)
    const bytes = readFileSync(made(2))
    writeFileSync(path, bytes.toString('latin1').replace('convzoo-checkpoint/v1', 'convzoo-checkpoint/v9'), 'latin1')
    expect(await refusal(loading, path)).toMatch(/is not a checkpoint[\s\S]*checkpoint\/v9/)
    writeFileSync(path, bytes.toString('latin1').replace('\\"sample\\":8', '\\"sample\\":-'), 'latin1')
    expect(await refusal(loading, path)).toMatch(/is damaged/)
    expect(network().weights).toHaveLength(4)
  })
})
