import { readFileSync } from 'node:fs'
import {
  adamW,
  type Dataset,
  dense,
  flatten,
  functionalModel,
  input,
  type Optimizer,
  type StepRecord,
  sgd,
  sgdL2,
} from '@convzoo/core'
import { interpreterEngine } from '@convzoo/core/engine'
import { describe, expect, it } from 'vitest'
import { keepBest } from './callbacks/index.js'
import { Trainer } from './node-trainer.js'
import type { TrainerOptions } from './options.js'

interface Weights {
  readonly kernel: readonly (readonly number[])[]
  readonly bias: readonly number[]
}

interface Group {
  readonly optimizer: 'sgdL2' | 'adamW'
  readonly learningRate: number
  readonly weightDecay: number
  readonly momentum?: number
  /** Factors of the learning rate and of the decay. */
  readonly kernel: readonly [number, number]
  readonly bias: readonly [number, number]
  readonly weights: Weights
}

/** What `bench/reference/training_settings.py` writes. */
interface Published extends Weights {
  readonly images: readonly (readonly number[])[]
  readonly labels: readonly number[]
  readonly steps: number
  readonly groups: readonly Group[]
  readonly weighted: readonly {
    readonly classWeights: readonly number[]
    readonly learningRate: number
    readonly weights: Weights
  }[]
}

const published: Published = JSON.parse(
  readFileSync(new URL('./fixtures/training-settings.json', import.meta.url), 'utf8'),
)
const { images, labels, steps } = published
const classes = ['ant', 'bee', 'cat']

function rows(order: readonly string[] = classes): Dataset {
  const places = labels.map((label) => order.indexOf(classes[label] ?? ''))
  return {
    specification: 'dataset/v1',
    name: 'rows',
    length: images.length,
    classes: order,
    imageShape: [1, 1, 3],
    labels: places,
    batch: async (indices) => ({
      images: Float32Array.from(Array.from(indices).flatMap((index) => images[index] ?? [])),
      targets: Float32Array.from(
        Array.from(indices).flatMap((index) => order.map((_, place) => (place === places[index] ? 1 : 0))),
      ),
    }),
  }
}

function linear() {
  const photos = input({ shape: [1, 1, 3] })
  return functionalModel({ inputs: photos, output: dense({ units: 3, activation: 'softmax' })(flatten()(photos)) })
}

/** The weights after as many steps over the whole as the fixture has. */
async function trained(
  optimizer: Optimizer,
  more: Partial<TrainerOptions>,
  dataset: Dataset = rows(),
): Promise<readonly number[]> {
  const engine = interpreterEngine({ precision: 'float32' })
  await using trainer = new Trainer({ model: linear(), engine, optimizer, classes, ...more })
  await trainer.writeWeights([
    { name: 'dense/kernel', shape: [3, 3], data: Float32Array.from(published.kernel.flat()) },
    { name: 'dense/bias', shape: [3], data: Float32Array.from(published.bias) },
  ])
  await trainer.fit(dataset, { epochs: steps, batchSize: images.length })
  const values: number[] = []
  for await (const { data } of trainer.readWeights()) values.push(...data)
  return values
}

function expectWeights(received: readonly number[], { kernel, bias }: Weights): void {
  const wanted = [...kernel.flat(), ...bias]
  expect(received).toHaveLength(12)
  // The change is what is compared: single precision against double.
  const start = [...published.kernel.flat(), ...published.bias]
  const moved = Math.hypot(...wanted.map((value, index) => value - (start[index] ?? 0)))
  const apart = Math.hypot(...wanted.map((value, index) => value - (received[index] ?? Number.NaN)))
  expect(moved).toBeGreaterThan(0.05)
  expect(apart).toBeLessThan(1e-5 * moved)
}

describe('groups of parameters', () => {
  const cases = published.groups.map((each) => ({ ...each, title: `${each.optimizer} ${each.kernel} ${each.bias}` }))

  it.each(cases)("move and decay weights as PyTorch's do: $title", async ({ kernel, bias, weights, ...options }) => {
    const { optimizer, learningRate, weightDecay, momentum } = options
    const made =
      optimizer === 'adamW'
        ? adamW({ learningRate, weightDecay })
        : sgdL2({ learningRate, weightDecay, momentum: momentum ?? 0 })
    const group = (match: string, factors: readonly [number, number]) =>
      ({ match, learningRate: factors[0], weightDecay: factors[1] }) as const
    const parameterGroups = [group('/kernel$', kernel), group('bias', bias)]
    expectWeights(await trained(made, { parameterGroups }), weights)
  })

  it('are the same as a line, in micro-batches, and where a later group matches, too', async () => {
    const optimizer = sgdL2({ learningRate: 0.25, weightDecay: 0.1, momentum: 0.875 })
    const [first] = published.groups
    if (first === undefined) throw new Error('There is no case.')
    const parameterGroups = 'bias$ learningRate=2 weightDecay=0; kernel learningRate=1'
    expectWeights(await trained(optimizer, { parameterGroups, microBatchSize: 4 }), first.weights)
    const shadowed = 'bias learningRate=2 weightDecay=0; dense/ learningRate=1 weightDecay=1'
    expectWeights(await trained(optimizer, { parameterGroups: shadowed }), first.weights)
  })

  it.each([
    ['bias$; [', 'a regular expression'],
    ['bias$ learningRate=fast', 'a finite number of at least 0'],
    ['bias$ lr=2', 'learningRate'],
  ])('that are none are named: %s', (parameterGroups, expected) => {
    const make = () => new Trainer({ model: linear(), engine: interpreterEngine(), optimizer: sgd(), parameterGroups })
    expect(make).toThrow('a group in the option "parameterGroups" of Trainer')
    expect(make).toThrow(expected)
  })

  it('that change nothing of a weight are refused: a pattern without a factor, and classes without a weight', () => {
    const make = (more: object) => () =>
      new Trainer({ model: linear(), engine: interpreterEngine(), optimizer: sgd(), ...more })
    expect(make({ parameterGroups: 'bias$; kernel learningRate=2' })).toThrow('"parameterGroups" of Trainer')
    expect(make({ classWeights: {} })).toThrow('"classWeights" of Trainer')
    for (const monitor of ['loss', 'test.loss', 'validation', 'validation.']) {
      expect(() => keepBest({ monitor, path: 'best' })).toThrow('"monitor"')
    }
  })

  it('that no weight is left for are refused: they would be ignored', () => {
    for (const parameterGroups of ['gamma$ weightDecay=0', 'dense weightDecay=0; bias learningRate=2']) {
      const make = () =>
        new Trainer({ model: linear(), engine: interpreterEngine(), optimizer: sgd(), parameterGroups })
      expect(make).toThrow('A group of parameters has no weight.')
    }
  })
})

describe('weights of classes', () => {
  it.each(published.weighted)("move weights as PyTorch's do: $classWeights", async (given) => {
    const { classWeights, learningRate, weights } = given
    const named = Object.fromEntries(classes.map((name, place) => [name, classWeights[place] ?? Number.NaN]))
    expectWeights(await trained(sgd({ learningRate }), { classWeights: named }), weights)
    // By name, whatever order a dataset has them in.
    const other = trained(
      sgd({ learningRate }),
      { classWeights: named, microBatchSize: 4 },
      rows(['cat', 'ant', 'bee']),
    )
    expectWeights(await other, weights)
  })

  it('that are balanced make each class count alike', async () => {
    const optimizer = sgd({ learningRate: 0.5 })
    const byHand = await trained(optimizer, { classWeights: { ant: 2, bee: 0.5, cat: 2 } })
    expect(await trained(optimizer, { classWeights: 'balanced' })).toEqual(byHand)
    expect(byHand).not.toEqual(await trained(optimizer, {}))
  })

  it('leave the losses that are told those of the samples', async () => {
    const told = async (more: Partial<TrainerOptions>): Promise<number | undefined> => {
      const records: StepRecord[] = []
      await trained(sgd({ learningRate: 0 }), {
        ...more,
        callbacks: [{ onStep: (record) => void records.push(record) }],
      })
      return records[0]?.loss
    }
    expect(await told({ classWeights: { bee: 9 } })).toBe(await told({}))
  })

  it('of a class that there is not, of none, or of data that do not say their classes are refused', async () => {
    const { labels: _, ...silent } = rows()
    await expect(trained(sgd(), { classWeights: { bees: 2 } })).rejects.toMatchObject({ hint: 'did you mean bee?' })
    await expect(trained(sgd(), { classWeights: { ant: 0, bee: 0, cat: 0 } })).rejects.toMatchObject({ kind: 'option' })
    await expect(trained(sgd(), { classWeights: 'balanced' }, silent)).rejects.toMatchObject({ kind: 'data' })
  })
})
