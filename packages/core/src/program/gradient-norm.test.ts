import { describe, expect, it } from 'vitest'
import { conv2d, dense, dropout, flatten, input } from '../layers/index.js'
import { categoricalCrossentropy } from '../losses/index.js'
import { functionalModel, type Model } from '../model/index.js'
import { type Clipping, scalarsAt, sgd } from '../optimizers/index.js'
import { randomNumbers } from '../testing/evaluate.js'
import { runProgram } from '../testing/run-program.js'
import { applyGradientsName, createProgram, type ProgramOptions } from './index.js'

const samples = 4
const classes = 3
const pixels = 36
const images = randomNumbers('gradient norm images', samples * pixels)
const targets = Array.from({ length: samples * classes }, (_, index) => (index % (classes + 1) === 0 ? 1 : 0))

function network(trainable = true): Model {
  const photos = input({ shape: [6, 6, 1] })
  const x = dropout({ rate: 0.5 })(
    flatten()(conv2d({ filters: 4, kernelSize: 3, activation: 'relu', trainable })(photos)),
  )
  return functionalModel({ inputs: photos, output: dense({ units: classes, activation: 'softmax', trainable })(x) })
}

/** Of a rate of 1, without momentum and decay: each weight moves by its gradient, as it is clipped. */
const plain = (clipping: Clipping) => sgd({ learningRate: 1, clipping })

const samplesFrom = (from: number, to: number) => ({
  images: images.slice(from * pixels, to * pixels),
  targets: targets.slice(from * classes, to * classes),
  sampleIndices: Array.from({ length: to - from }, (_, index) => from + index),
  ...{ seed: [1, 0], step: [0] },
})

/** A step at once, or in two parts: the norm that it tells, and how far all weights together moved. */
function step(clipping: Clipping, more: Partial<ProgramOptions> = {}, parts = false) {
  const optimizer = plain(clipping)
  const batchSizes = parts ? { accumulate: [1, 3] } : { train: [samples] }
  const made = { model: network(), loss: categoricalCrossentropy(), optimizer, accumulation: parts, batchSizes }
  const { state, run } = runProgram(createProgram({ ...made, ...more }))
  const weights = (): number[] =>
    [...state].flatMap(([name, data]) => (name.endsWith('/gradient') ? [] : Array.from(data)))
  const before = weights()
  const scalars = Object.fromEntries(Object.entries(scalarsAt(optimizer, 0)).map(([name, x]) => [name, [x]]))
  if (parts) {
    run('accumulate/1', samplesFrom(0, 1))
    run('accumulate/3', samplesFrom(1, samples))
  }
  const { outputs } = parts
    ? run(applyGradientsName, { samples: [samples], ...scalars })
    : run(`train/${samples}`, { ...samplesFrom(0, samples), ...scalars })
  const moved = Math.hypot(...weights().map((x, index) => x - (before[index] ?? Number.NaN)))
  return { norm: outputs.gradientNorm?.data[0], moved }
}

describe('the norm of the gradients', () => {
  const { moved: whole } = step({})

  it('is told where it is asked for: how far a plain step at a rate of 1 moves all weights', () => {
    expect(whole).toBeGreaterThan(0.1)
    expect(step({}).norm).toBeUndefined()
    for (const parts of [false, true]) {
      const { norm, moved } = step({}, { gradientNorm: true }, parts)
      expect(norm).toBeCloseTo(whole, 12)
      expect(moved).toBeCloseTo(whole, 12)
    }
  })

  it('is told in any case where it alone clips, as it was before', () => {
    const bound = whole / 3
    for (const parts of [false, true]) {
      const { norm, moved } = step({ globalNorm: bound }, {}, parts)
      expect(norm).toBeCloseTo(whole, 12)
      expect(moved).toBeCloseTo(bound, 12)
    }
  })

  it('is of the gradients before any clipping, and not told unasked where another bound comes first', () => {
    const clipping = { value: whole / 100, norm: whole / 10, globalNorm: whole / 20 }
    const { norm, moved } = step(clipping, { gradientNorm: true })
    expect(norm).toBeCloseTo(whole, 12)
    expect(moved).toBeLessThan(whole / 19)
    expect(step(clipping)).toEqual({ norm: undefined, moved })
  })

  it('is none of a network of which nothing is trained', () => {
    expect(step({}, { model: network(false), gradientNorm: true })).toEqual({ norm: undefined, moved: 0 })
  })
})
