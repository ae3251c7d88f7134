import { describe, expect, it } from 'vitest'
import { maxNorm } from '../constraints/index.js'
import { conv2d, dense, dropout, flatten, input } from '../layers/index.js'
import { categoricalCrossentropy } from '../losses/index.js'
import { functionalModel, type Model } from '../model/index.js'
import { adamW, type Optimizer, scalarsAt, sgdw } from '../optimizers/index.js'
import { randomNumbers } from '../testing/evaluate.js'
import { runProgram } from '../testing/run-program.js'
import { applyGradientsName, createProgram, zeroGradientsName } from './index.js'

const samples = 5
const classes = 3
const pixels = 36
const images = randomNumbers('accumulate images', samples * pixels)
const targets = Array.from({ length: samples * classes }, (_, index) => (index % (classes + 1) === 0 ? 1 : 0))
const average = { decay: 0.5 }

function network(): Model {
  const photos = input({ shape: [6, 6, 1] })
  let x = conv2d({ filters: 4, kernelSize: 3, activation: 'relu', kernelConstraint: maxNorm(0.5) })(photos)
  x = dropout({ rate: 0.5 })(flatten()(x))
  return functionalModel({ inputs: photos, output: dense({ units: classes, activation: 'softmax' })(x) })
}

/** Samples from … to of the batch. */
function part(from: number, to: number, step: number) {
  return {
    images: images.slice(from * pixels, to * pixels),
    targets: targets.slice(from * classes, to * classes),
    sampleIndices: Array.from({ length: to - from }, (_, index) => 100 + from + index),
    seed: [1, 0],
    step: [step],
  }
}

function scalarsOf(optimizer: Optimizer, step: number): Record<string, number[]> {
  return Object.fromEntries(Object.entries(scalarsAt(optimizer, step, average)).map(([name, x]) => [name, [x]]))
}

function running(optimizer: Optimizer) {
  const batchSizes = { train: [samples], accumulate: [1, 2, 3, samples] }
  return runProgram(
    createProgram({
      model: network(),
      loss: categoricalCrossentropy(),
      optimizer,
      average,
      accumulation: true,
      batchSizes,
    }),
  )
}

const optimizers = [
  { name: 'sgdw', optimizer: sgdw({ weightDecay: 0.01, momentum: 0.9, learningRate: 0.2 }) },
  {
    name: 'sgdw, clipped',
    optimizer: sgdw({
      weightDecay: 0.01,
      momentum: 0.9,
      learningRate: 0.2,
      clipping: { value: 0.05, norm: 0.2, globalNorm: 0.3 },
    }),
  },
  { name: 'adamW', optimizer: adamW({ learningRate: 0.05 }) },
]

describe.each(optimizers)('a step in micro-batches, $name', ({ optimizer }) => {
  it.each([{ cuts: [0, 5] }, { cuts: [0, 2, 5] }, { cuts: [0, 1, 2, 4, 5] }])(
    'is one step over all, cut at $cuts',
    ({ cuts }) => {
      const whole = running(optimizer)
      const parts = running(optimizer)
      const start = Array.from(whole.state.get('conv2d/kernel') ?? [])
      for (const step of [0, 1, 2]) {
        const { outputs } = whole.run(`train/${samples}`, { ...part(0, samples, step), ...scalarsOf(optimizer, step) })
        const losses = cuts.slice(1).flatMap((to, index) => {
          const from = cuts[index] ?? 0
          const result = parts.run(`accumulate/${to - from}`, part(from, to, step))
          expect([...(result.outputs.finite?.data ?? [])]).toEqual([1])
          return [...(result.outputs.losses?.data ?? [])]
        })
        expect(losses.length).toBe(samples)
        losses.forEach((loss, index) => {
          expect(loss).toBeCloseTo(outputs.losses?.data[index] ?? Number.NaN, 12)
        })
        const applied = parts.run(applyGradientsName, { samples: [samples], ...scalarsOf(optimizer, step) })
        expect([...(applied.outputs.finite?.data ?? [])]).toEqual([1])
      }
      expect([...whole.state.keys()]).toEqual([...parts.state.keys()])
      for (const [name, data] of whole.state) {
        Array.from(data).forEach((x, index) => {
          expect(Math.abs((parts.state.get(name)?.[index] ?? Number.NaN) - x), name).toBeLessThan(1e-12)
        })
      }
      const moved = Array.from(parts.state.get('conv2d/kernel') ?? []).map((x, index) => x - (start[index] ?? 0))
      expect(Math.hypot(...moved)).toBeGreaterThan(0.05)
    },
  )
})

describe('accumulated gradients', () => {
  const optimizer = sgdw({ weightDecay: 0.5, momentum: 0.9, learningRate: 0.1 })
  const gradientsOf = (state: ReadonlyMap<string, ArrayLike<number>>): number[] =>
    [...state].flatMap(([name, data]) => (name.endsWith('/gradient') ? Array.from(data) : []))

  it('do not move weights until they are applied, and are empty afterwards', () => {
    const { state, run } = running(optimizer)
    const kernel = Array.from(state.get('dense/kernel') ?? [])
    expect(gradientsOf(state).every((x) => x === 0)).toBe(true)
    run('accumulate/2', part(0, 2, 0))
    expect(gradientsOf(state).some((x) => x !== 0)).toBe(true)
    expect(Array.from(state.get('dense/kernel') ?? [])).toEqual(kernel)
    run(applyGradientsName, { samples: [2], ...scalarsOf(optimizer, 0) })
    expect(gradientsOf(state).every((x) => x === 0)).toBe(true)
    expect(Array.from(state.get('dense/kernel') ?? [])).not.toEqual(kernel)
  })

  it('stay as they were after a part that is not finite, and can be discarded', () => {
    const { state, run } = running(optimizer)
    run('accumulate/2', part(0, 2, 0))
    const before = new Map(state)
    const bad = run('accumulate/3', { ...part(2, 5, 0), images: images.slice(2 * pixels).with(7, Number.NaN) })
    expect([...(bad.outputs.finite?.data ?? [])]).toEqual([0])
    expect(state).toEqual(before)
    run(zeroGradientsName, {})
    expect(gradientsOf(state).every((x) => x === 0)).toBe(true)
    expect(state.get('dense/kernel')).toEqual(before.get('dense/kernel'))
  })

  it.each([
    { title: 'an infinite learning rate', change: { learningRate: [Number.POSITIVE_INFINITY] } },
    { title: 'no samples', change: { samples: [0] } },
  ])('are kept by an application with $title, which commits nothing', ({ change }) => {
    const { state, run } = running(optimizer)
    run('accumulate/2', part(0, 2, 0))
    const before = new Map(state)
    const result = run(applyGradientsName, { samples: [2], ...scalarsOf(optimizer, 0), ...change })
    expect([...(result.outputs.finite?.data ?? [])]).toEqual([0])
    expect(state).toEqual(before)
  })
})
