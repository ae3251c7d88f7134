import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  batchNormalization,
  type Callback,
  categoricalCrossentropy,
  conv2d,
  dense,
  flatten,
  freeze,
  functionalModel,
  input,
  type Model,
  type NamedTensor,
  type StepRecord,
  sgd,
  type TrainingContext,
} from '@convzoo/core'
import { describe, expect, it } from 'vitest'
import type { FitOptions, TrainerOptions } from './options.js'
import { dataset, trainer, weightsOf } from './testing/brighter.js'

const job = { epochs: 2, batchSize: 4 } as const

const collected = async (tensors: AsyncIterable<NamedTensor>): Promise<NamedTensor[]> => {
  const all: NamedTensor[] = []
  for await (const tensor of tensors) all.push(tensor)
  return all
}

/** Of each moment from the first to the last: the weights, and the gradients that are told of the next step. */
async function watched(more: Partial<TrainerOptions>, fit: Partial<FitOptions> = {}) {
  const moments: { readonly weights: readonly number[]; readonly gradients: readonly NamedTensor[] }[] = []
  const steps: StepRecord[] = []
  const look = async ({ readGradients }: TrainingContext): Promise<void> => {
    moments.push({ weights: await weightsOf(trained), gradients: await collected(readGradients()) })
  }
  const looks: Callback = { onTrainBegin: (_, context) => look(context), onStep: (_, context) => look(context) }
  await using trained = trainer(steps, 1, {
    optimizer: sgd({ learningRate: 0.5 }),
    ...more,
    callbacks: [{ onStep: (record) => void steps.push(record) }, looks],
  })
  await trained.fit(dataset(), { ...job, ...fit })
  return { moments, steps }
}

/** What a plain step does: it moves each weight by the rate times its gradient. */
async function requireThatStepsFollow(more: Partial<TrainerOptions>, fit: Partial<FitOptions> = {}): Promise<void> {
  const { moments, steps } = await watched(more, fit)
  expect(moments).toHaveLength(steps.length + 1)
  for (const [step, { weights, gradients }] of moments.slice(0, -1).entries()) {
    const all = gradients.flatMap(({ data }) => Array.from(data))
    const next = moments[step + 1]?.weights ?? []
    expect(all).toHaveLength(next.length)
    expect(Math.hypot(...all)).toBeGreaterThan(0.01)
    for (const [at, gradient] of all.entries()) {
      expect(((weights[at] ?? 0) - (next[at] ?? 0)) / 0.5).toBeCloseTo(gradient, 5)
    }
  }
}

/** Two classes of four pixels, by normalised maps. */
function networkOf({ head = false }): Model {
  const images = input({ shape: [2, 2, 1] })
  const features = flatten()(batchNormalization({ momentum: 0.9 })(conv2d({ filters: 3, kernelSize: 1 })(images)))
  const classify = (name: string) => dense({ units: 2, activation: 'softmax', name })(features)
  const heads = head ? { auxiliary: [{ output: classify('beside'), lossWeight: 0.3 }] } : {}
  return functionalModel({ inputs: images, output: classify('last'), ...heads })
}

describe('readGradients', () => {
  it('tells by what the next step moves the weights: its batch and its dropout, in each step of each epoch', async () => {
    await requireThatStepsFollow({})
  })

  it('tells the mean over a batch in micro-batches, of which the last is smaller', async () => {
    await requireThatStepsFollow({ microBatchSize: 3 })
  })

  it('tells them as classes count, and as samples are drawn', async () => {
    await requireThatStepsFollow({ classWeights: { first: 3, last: 0.5 } }, { sampling: 'balanced' })
    await requireThatStepsFollow({ loss: categoricalCrossentropy({ labelSmoothing: 0.2 }) })
  })

  it('tells them before they are clipped', async () => {
    const free = await watched({})
    const clipped = await watched({ optimizer: sgd({ learningRate: 0.5, clipping: { globalNorm: 0.001 } }) })
    expect(clipped.moments[0]?.gradients).toEqual(free.moments[0]?.gradients)
  })

  it.each([
    ['statistics that a step moves', networkOf({})],
    ['auxiliary heads', networkOf({ head: true })],
    ['frozen layers', freeze(networkOf({}), /^conv2d/)],
  ])('tells them of a network with %s, by the names of what moves', async (_, model) => {
    const seen: (readonly NamedTensor[])[] = []
    const told: (readonly NamedTensor[])[] = []
    const look = async ({ readState, readGradients }: TrainingContext): Promise<void> => {
      told.push(await collected(readGradients()))
      const names = told.at(-1)?.map(({ name }) => name) ?? []
      seen.push(await collected(readState(names)))
    }
    await using trained = trainer([], 1, {
      model,
      optimizer: sgd({ learningRate: 0.5 }),
      callbacks: [{ onTrainBegin: (_, context) => look(context), onStep: (_, context) => look(context) }],
    })
    await trained.fit(dataset(), job)
    const trainable = trained.state.flatMap(({ name, role }) => (role === 'weight' ? [name] : []))
    const moves = (name: string): boolean =>
      !/^conv2d/.test(name) || model.weights.some((each) => each.name === name && each.trainable)
    expect(told[0]?.map(({ name }) => name)).toEqual(trainable.filter(moves))
    for (const [step, gradients] of told.slice(0, -1).entries()) {
      for (const [place, { data }] of gradients.entries()) {
        const [before, after] = [seen[step]?.[place]?.data, seen[step + 1]?.[place]?.data]
        for (const [at, gradient] of data.entries()) {
          expect(((before?.[at] ?? 0) - (after?.[at] ?? 0)) / 0.5).toBeCloseTo(gradient, 4)
        }
      }
    }
  })

  it('leaves training as it is', async () => {
    const { steps } = await watched({})
    const alone: StepRecord[] = []
    await using trained = trainer(alone, 1, { optimizer: sgd({ learningRate: 0.5 }) })
    await trained.fit(dataset(), job)
    expect(steps.map(({ loss }) => loss)).toEqual(alone.map(({ loss }) => loss))
  })

  it('tells those of the step that follows a checkpoint, to who goes on with it', async () => {
    const { moments } = await watched({})
    const folder = mkdtempSync(join(tmpdir(), 'convzoo-gradients-'))
    try {
      const path = join(folder, 'step-00000003.safetensors')
      const optimizer = sgd({ learningRate: 0.5 })
      await using first = trainer([], 1, {
        optimizer,
        callbacks: [{ onStep: ({ step }, { stop }) => void (step === 2 && stop()) }],
      })
      await first.fit(dataset(), job)
      await first.saveCheckpoint(path)
      const told: (readonly NamedTensor[])[] = []
      const onTrainBegin: Callback['onTrainBegin'] = async (_, { readGradients }) =>
        void told.push(await collected(readGradients()))
      await using second = trainer([], 1, { optimizer, callbacks: [{ onTrainBegin }] })
      await second.loadCheckpoint(path)
      await second.fit(dataset(), job)
      expect(told).toEqual([moments[3]?.gradients])
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })

  it('gives those that are asked for by name, with their shapes, and refuses a weight that is not trained', async () => {
    const names: string[][] = []
    const refused: unknown[] = []
    await using trained = trainer([], 1, {
      callbacks: [
        {
          onTrainBegin: async (_, { readGradients }) => {
            const [bias] = await collected(readGradients(['dense_1/bias']))
            expect([bias?.name, bias?.shape, bias?.data.length]).toEqual(['dense_1/bias', [2], 2])
            names.push((await collected(readGradients())).map(({ name }) => name))
            refused.push(await collected(readGradients(['dense_7/bias'])).catch((error: unknown) => error))
          },
        },
      ],
    })
    await trained.fit(dataset(), job)
    expect(names).toEqual([['dense/kernel', 'dense/bias', 'dense_1/kernel', 'dense_1/bias']])
    expect(String(refused[0])).toMatch(/has no gradient of "dense_7\/bias".*dense\/kernel/s)
  })

  it('gives none where they are not finite', async () => {
    const counts: number[] = []
    const onTrainBegin: Callback['onTrainBegin'] = async (_, { readGradients, readState, writeState }) => {
      const before = await collected(readState(['dense_1/kernel']))
      await writeState(before.map(({ data, ...rest }) => ({ ...rest, data: data.map(() => 3e38) })))
      counts.push((await collected(readGradients())).length)
      await writeState(before)
      counts.push((await collected(readGradients())).length)
    }
    await using trained = trainer([], 1, { callbacks: [{ onTrainBegin }] })
    const { completed } = await trained.fit(dataset(), job)
    expect([completed, ...counts]).toEqual([true, 0, 4])
  })
})
