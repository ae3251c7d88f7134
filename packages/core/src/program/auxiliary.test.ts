import { describe, expect, it } from 'vitest'
import { dense, flatten, input } from '../layers/index.js'
import { categoricalCrossentropy } from '../losses/index.js'
import { functionalModel, type Model } from '../model/index.js'
import { scalarsAt, sgd } from '../optimizers/index.js'
import { errorOf } from '../testing/error-of.js'
import { randomNumbers } from '../testing/evaluate.js'
import { runProgram } from '../testing/run-program.js'
import { applyGradientsName, createProgram, type ProgramOptions } from './index.js'

const samples = 3
const classes = 2
const lossWeight = 0.3
const optimizer = sgd({ learningRate: 0.5 })
const loss = categoricalCrossentropy()
const scalars = Object.fromEntries(Object.entries(scalarsAt(optimizer, 0)).map(([name, value]) => [name, [value]]))
const batch = {
  images: randomNumbers('auxiliary images', samples * 4),
  targets: [1, 0, 0, 1, 1, 0],
  sampleIndices: [0, 1, 2],
  seed: [1, 0],
  step: [0],
}

/** A trunk with the heads `main` and `side`; `output` is one of them, the other may be auxiliary. */
function network(output: 'main' | 'side', auxiliary: boolean): Model {
  const images = input({ shape: [2, 2, 1] })
  const trunk = dense({ units: 5, activation: 'tanh', name: 'trunk' })(flatten()(images))
  const head = (name: string) => dense({ units: classes, activation: 'softmax', name })(trunk)
  const heads = { main: head('main'), side: head('side') }
  return functionalModel({
    inputs: images,
    output: heads[output],
    auxiliary: auxiliary ? [{ output: heads[output === 'main' ? 'side' : 'main'], lossWeight }] : [],
  })
}

/** How far a step moves each weight. */
function step(model: Model) {
  const running = runProgram(createProgram({ model, loss, optimizer, batchSizes: { train: [samples] } }))
  const start = new Map([...running.state].map(([name, values]) => [name, [...Array.from(values)]]))
  const { outputs } = running.run(`train/${samples}`, { ...batch, ...scalars })
  const moved = (name: string): number[] =>
    Array.from(running.state.get(name) ?? [], (value, index) => value - (start.get(name)?.[index] ?? Number.NaN))
  return { moved, losses: [...(outputs.losses?.data ?? [])], state: running.state }
}

describe('an auxiliary head', () => {
  const both = step(network('main', true))
  const main = step(network('main', false))
  const side = step(network('side', false))

  // Without decay and momentum a step is linear in the gradient, and the gradient of a sum is the sum of gradients.
  it('adds its gradient, times its weight, to that of the output', () => {
    for (const name of ['trunk/kernel', 'trunk/bias']) {
      const wanted = main
        .moved(name)
        .map((value, index) => value + lossWeight * (side.moved(name)[index] ?? Number.NaN))
      expect(Math.hypot(...wanted)).toBeGreaterThan(0.01)
      for (const [index, value] of both.moved(name).entries())
        expect(value).toBeCloseTo(wanted[index] ?? Number.NaN, 12)
    }
    for (const [index, value] of both.moved('side/kernel').entries()) {
      expect(value).toBeCloseTo(lossWeight * (side.moved('side/kernel')[index] ?? Number.NaN), 12)
    }
    for (const [index, value] of both.moved('main/kernel').entries()) {
      expect(value).toBeCloseTo(main.moved('main/kernel')[index] ?? Number.NaN, 12)
    }
  })

  it("leaves the losses that a step tells the output's own", () => {
    expect(both.losses).toEqual(main.losses)
  })

  it('is trained in micro-batches as in one batch', () => {
    const program = createProgram({
      model: network('main', true),
      loss,
      optimizer,
      accumulation: true,
      batchSizes: { accumulate: [samples] },
    })
    const running = runProgram(program)
    running.run(`accumulate/${samples}`, batch)
    running.run(applyGradientsName, { ...scalars, samples: [samples] })
    for (const name of ['trunk/kernel', 'side/kernel', 'main/bias']) {
      const wanted = both.state.get(name) ?? []
      for (const [index, value] of Array.from(running.state.get(name) ?? []).entries()) {
        expect(value).toBeCloseTo(wanted[index] ?? Number.NaN, 12)
      }
    }
  })

  it('exists in training only', () => {
    const model = network('main', true)
    expect(model.weights.map(({ name }) => name)).toEqual(['trunk/kernel', 'trunk/bias', 'main/kernel', 'main/bias'])
    expect(model.auxiliary.flatMap(({ weights }) => weights.map(({ name }) => name))).toEqual([
      'side/kernel',
      'side/bias',
    ])
    const weights = (options: Partial<ProgramOptions>) =>
      createProgram({ model, loss, ...options }).state.filter(({ role }) => role === 'weight')
    expect([weights({ optimizer }).length, weights({}).length]).toEqual([6, 4])
  })

  it('must have the shape of the output and a weight', () => {
    const images = input({ shape: [4] })
    const output = dense({ units: 2 })(images)
    const other = (units: number, weight: number) => () =>
      functionalModel({ inputs: images, output, auxiliary: [{ output: dense({ units })(images), lossWeight: weight }] })
    expect(errorOf(other(3, 0.3))).toMatchObject({ kind: 'shape', expected: expect.stringContaining('(2,)') })
    expect(errorOf(other(2, 0)).received).toMatch(/loss weight 0$/)
  })
})
