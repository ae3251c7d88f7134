import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { maxNorm } from '../constraints/index.js'
import { dense, input } from '../layers/index.js'
import { functionalModel } from '../model/index.js'
import { type Optimizer, scalarsAt, sgd, sgdw, type WeightAverage } from '../optimizers/index.js'
import { errorOf } from '../testing/error-of.js'
import { knownGradients, sumOfOutput } from '../testing/one-weight.js'
import { runProgram } from '../testing/run-program.js'
import { createProgram } from './index.js'

function step(optimizer: Optimizer, number: number, image: readonly number[], average?: WeightAverage) {
  const scalars = Object.entries(scalarsAt(optimizer, number, average)).map(([name, value]) => [name, [value]])
  return {
    images: image,
    targets: [0],
    sampleIndices: [0],
    seed: [1, 0],
    step: [number],
    ...Object.fromEntries(scalars),
  }
}

describe('averages of weights', () => {
  interface Published {
    readonly decay: number
    readonly learningRate: number
    readonly gradients: readonly number[]
    readonly averages: readonly number[]
    readonly equal: { readonly from: number; readonly every: number; readonly averages: readonly number[] }
  }
  // What `bench/reference/average.py` writes.
  const published: Published = JSON.parse(
    readFileSync(new URL('../optimizers/fixtures/average.json', import.meta.url), 'utf8'),
  )

  const { decay, averages, equal } = published
  it.each([
    { what: 'exponential', average: { decay }, expected: averages },
    { what: 'equal', average: { from: equal.from, every: equal.every }, expected: equal.averages },
  ])("are those of PyTorch's AveragedModel: $what", ({ average, expected }) => {
    const optimizer = sgd({ learningRate: published.learningRate })
    const { state, run } = runProgram(knownGradients(optimizer, { average }))
    const received = published.gradients.map((gradient, number) => {
      run('train/1', step(optimizer, number, [gradient], average))
      return state.get('weighted/kernel/average')?.[0] ?? Number.NaN
    })
    expect(received.length).toBe(7)
    received.forEach((value, index) => {
      expect(value).toBeCloseTo(expected[index] ?? Number.NaN, 14)
    })
  })

  it.each([{}, { decay: 0.9, from: 3 }, { decay: 0.9, every: 2 }, { every: 2 }, { from: 0 }])(
    'are of one kind, and not %j',
    (average) => {
      expect(errorOf(() => knownGradients(sgd({}), { average })).kind).toBe('option')
    },
  )

  it('are what evaluateAverages and predictAverages read, while evaluate and predict read the weights', () => {
    const average = { decay: 0.5 }
    const optimizer = sgd({ learningRate: 1 })
    const batchSizes = { evaluate: [1], evaluateAverages: [1], predict: [1], predictAverages: [1] }
    const { state, run } = runProgram(knownGradients(optimizer, { average, batchSizes }))
    run('train/1', step(optimizer, 0, [0.25], average)) // weight ¾, bias ½
    run('train/1', step(optimizer, 1, [0.25], average)) // weight ½, bias 0
    expect(Array.from(state.get('weighted/kernel/average') ?? [])).toEqual([0.625])
    expect(Array.from(state.get('weighted/bias/average') ?? [])).toEqual([0.25])
    const output = (name: string) => [
      ...(run(`${name}/1`, { images: [2], targets: [0] }).outputs.probabilities?.data ?? []),
    ]
    for (const name of ['evaluate', 'predict']) expect(output(name)).toEqual([2 * 0.5])
    for (const name of ['evaluateAverages', 'predictAverages']) expect(output(name)).toEqual([2 * 0.625 + 0.5 * 0.25])
  })

  it('have to be kept to be read', () => {
    expect(errorOf(() => knownGradients(sgd({}), { batchSizes: { evaluateAverages: [1] } }))).toMatchObject({
      kind: 'option',
      expected: 'average, such as { decay: 0.999 }',
    })
  })
})

describe('an update', () => {
  it('constrains what the optimizer gives, and averages what the constraint gives', () => {
    const images = input({ shape: [2] })
    const layer = dense({ units: 1, useBias: false, kernelInitializer: 'ones', kernelConstraint: maxNorm(5) })
    const model = functionalModel({ inputs: images, output: layer(images) })
    const average = { decay: 0 }
    const optimizer = sgdw({ learningRate: 1, weightDecay: 0.5, momentum: 0.5, clipping: { value: 7.5 } })
    const program = createProgram({ model, loss: sumOfOutput, optimizer, average, batchSizes: { train: [1] } })
    const { state, run } = runProgram(program)
    run('train/1', step(optimizer, 0, [-5.5, -100], average))
    // Clipped to [−5.5, −7.5]; decayed to ½; moved to [6, 8], whose norm is 10; scaled to 5.
    expect(Array.from(state.get('dense/kernel') ?? [])).toEqual([3, 4])
    expect(Array.from(state.get('dense/kernel/velocity') ?? [])).toEqual([5.5, 7.5])
    expect(Array.from(state.get('dense/kernel/average') ?? [])).toEqual([3, 4])
  })

  it('is refused if the optimizer gives a slot of another shape, or none', () => {
    const own = (slot: 'another' | 'none'): Optimizer => ({
      ...sgd({ momentum: 0.5 }),
      name: 'crooked',
      update: ({ ops, weight, slots }) => ({
        weight,
        slots: slot === 'none' ? {} : { velocity: ops.sum(slots.velocity ?? weight) },
      }),
    })
    for (const slot of ['another', 'none'] as const) {
      expect(errorOf(() => knownGradients(own(slot), { features: 2 })).message).toMatch(
        'The optimizer crooked gives no fitting value for weighted/kernel/velocity.',
      )
    }
  })
})

describe('a frozen layer', () => {
  const optimizer = sgdw({ weightDecay: 0.5, momentum: 0.9, learningRate: 1 })
  const average = { decay: 0.5 }
  const images = input({ shape: [2] })
  const frozen = dense({ units: 2, trainable: false, kernelInitializer: 'ones' })(images)
  const model = functionalModel({ inputs: images, output: dense({ units: 1, kernelInitializer: 'ones' })(frozen) })
  const program = createProgram({
    model,
    loss: sumOfOutput,
    optimizer,
    average,
    accumulation: true,
    batchSizes: { train: [1], accumulate: [1], predictAverages: [1] },
  })

  it('has weights, and nothing beside them', () => {
    expect(program.state.filter(({ name }) => name.startsWith('dense/')).map(({ name, role }) => [name, role])).toEqual(
      [
        ['dense/kernel', 'weight'],
        ['dense/bias', 'weight'],
      ],
    )
    expect(program.state.filter(({ name }) => name.startsWith('dense_1/kernel')).map(({ role }) => role)).toEqual([
      'weight',
      'slot',
      'average',
      'gradient',
    ])
    expect(model.weights.map(({ trainable }) => trainable)).toEqual([false, false, true, true])
  })

  it('neither moves nor decays, while what follows it does', () => {
    const { state, run } = runProgram(program)
    run('train/1', step(optimizer, 0, [1, 2], average))
    run('accumulate/1', step(optimizer, 1, [1, 2], average))
    run('applyGradients', { ...step(optimizer, 1, [1, 2], average), samples: [1] })
    expect(Array.from(state.get('dense/kernel') ?? [])).toEqual([1, 1, 1, 1])
    expect(Array.from(state.get('dense_1/kernel') ?? [])).not.toEqual([1, 1])
    expect(run('predictAverages/1', { images: [1, 2] }).outputs.probabilities?.data.length).toBe(1)
  })

  it('is refused for an answer that is neither yes nor no', () => {
    const options: object = { units: 1, trainable: 'no' }
    expect(errorOf(() => dense(options as Parameters<typeof dense>[0])).message).toMatch('The option "trainable"')
  })
})
