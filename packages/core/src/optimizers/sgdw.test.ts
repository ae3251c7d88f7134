import { describe, expect, it } from 'vitest'
import { knownGradients } from '../testing/one-weight.js'
import { runProgram } from '../testing/run-program.js'
import { type SgdwOptions, sgdw } from './sgdw.js'

const kernel = 'weighted/kernel'
const bias = 'weighted/bias'

interface Steps {
  readonly options: Omit<SgdwOptions, 'weightDecay'>
  readonly weightDecay: number
  readonly gradient?: number
  readonly learningRate?: number
  readonly precision?: 'float64' | 'float32'
  readonly count?: number
}

/** The state after each step, from weights of 1. */
function steps({
  options,
  weightDecay,
  gradient = 0.1,
  learningRate = 0.001,
  precision = 'float64',
  count = 3,
}: Steps) {
  const { state, run } = runProgram(knownGradients(sgdw({ ...options, weightDecay })), { precision })
  return Array.from({ length: count }, (_, step) => {
    run('train/1', {
      images: [gradient],
      targets: [0],
      sampleIndices: [0],
      seed: [1, 0],
      step: [step],
      learningRate: [learningRate],
      weightDecay: [weightDecay],
    })
    return Object.fromEntries([...state].map(([name, data]) => [name, data[0] ?? Number.NaN]))
  })
}

// Three steps of tfa.optimizers.SGDW from w = 1 under a constant gradient of .1, learning rate .001, momentum .9.
const vectors = [
  {
    title: 'weight decay .01',
    options: { momentum: 0.9 },
    weightDecay: 0.01,
    weights: [0.9899, 0.979811, 0.96974189],
    velocities: [-0.0001, -0.00019, -0.000271],
  },
  {
    title: 'weight decay .01, nesterov',
    options: { momentum: 0.9, nesterov: true },
    weightDecay: 0.01,
    weights: [0.98981, 0.9796409, 0.969500591],
    velocities: [-0.0001, -0.00019, -0.000271],
  },
  {
    title: 'weight decay .0005',
    options: { momentum: 0.9 },
    weightDecay: 0.0005,
    weights: [0.9994, 0.9987103, 0.99793994485],
    velocities: [-0.0001, -0.00019, -0.000271],
  },
] as const

describe('sgdw', () => {
  it.each(vectors)('gives the published numbers in double precision: $title', ({ weights, velocities, ...rest }) => {
    const states = steps(rest)
    states.forEach((state, step) => {
      expect(state[kernel]).toBeCloseTo(weights[step] ?? Number.NaN, 14)
      expect(state[`${kernel}/velocity`]).toBeCloseTo(velocities[step] ?? Number.NaN, 14)
    })
  })

  it.each(vectors)('gives them in single precision: $title', ({ weights, velocities, ...rest }) => {
    const states = steps({ ...rest, precision: 'float32' })
    const restated = kerasMomentumInSinglePrecision(rest)
    states.forEach((state, step) => {
      expect(state[kernel]).toBe(restated[step]?.w)
      expect(state[`${kernel}/velocity`]).toBe(restated[step]?.v)
      // Rounding moves a weight near 1 by at most half of 2⁻²⁴ an operation, two or three operations a step.
      expect(Math.abs((state[kernel] ?? Number.NaN) - (weights[step] ?? Number.NaN))).toBeLessThan(3 * 2 ** -24)
      expect((state[`${kernel}/velocity`] ?? Number.NaN) / (velocities[step] ?? Number.NaN)).toBeCloseTo(1, 6)
    })
  })

  it('has no slot without momentum, and ignores nesterov', () => {
    expect(sgdw({ weightDecay: 0.01 }).slots).toEqual([])
    expect(sgdw({ weightDecay: 0.01, momentum: 0.9 }).slots).toEqual(['velocity'])
    for (const nesterov of [false, true]) {
      const [first, second] = steps({ options: { nesterov }, weightDecay: 0.01, learningRate: 0.5, count: 2 })
      // w − .01·w − .5·.1
      expect(Object.keys(first ?? {})).toEqual([kernel, bias])
      expect(first?.[kernel]).toBeCloseTo(0.94, 14)
      expect(second?.[kernel]).toBeCloseTo(0.94 * 0.99 - 0.05, 14)
    }
  })

  it('takes from the decayed weight a step along the gradient at the weight before', () => {
    const [state] = steps({ options: {}, weightDecay: 0.5, gradient: 3, learningRate: 0.1, count: 1 })
    expect(state?.[kernel]).toBeCloseTo(0.5 - 0.3, 14)
  })

  it('does not multiply the decay by the learning rate', () => {
    const [state] = steps({ options: { momentum: 0.9 }, weightDecay: 0.01, learningRate: 0, count: 1 })
    expect(state?.[kernel]).toBeCloseTo(0.99, 14)
    expect(state?.[bias]).toBeCloseTo(0.99, 14)
  })

  it('does not decay excluded weights, but moves them', () => {
    const options = { excludeFromWeightDecay: [/bias/] }
    const [still] = steps({ options, weightDecay: 0.01, learningRate: 0, count: 1 })
    expect(still?.[kernel]).toBeCloseTo(0.99, 14)
    expect(still?.[bias]).toBe(1)
    const [moved] = steps({ options, weightDecay: 0.01, learningRate: 0.1, count: 1 })
    expect(moved?.[bias]).toBeCloseTo(1 - 0.1 * 0.5, 14)
  })

  it('finds excluded names by search, also with a pattern that remembers where it stopped', () => {
    const { decays } = sgdw({ weightDecay: 0.01, excludeFromWeightDecay: [/bias$/g, /^dense_2/] })
    const names = ['conv2d/bias', 'dense/bias', 'dense_2/kernel', 'conv2d/kernel', 'bias/kernel']
    expect(names.map(decays)).toEqual([false, false, false, true, true])
    expect(names.map(decays)).toEqual([false, false, false, true, true])
  })

  it('clips gradients before the decay, which is never clipped', () => {
    const [state] = steps({
      options: { clipping: { value: 0.05 } },
      weightDecay: 0.25,
      gradient: 8,
      learningRate: 0.1,
      count: 1,
    })
    expect(state?.[kernel]).toBeCloseTo(1 - 0.25 - 0.1 * 0.05, 14)
  })

  it('has the defaults of tensorflow_addons', () => {
    const optimizer = sgdw({ weightDecay: 0.0005 })
    expect(optimizer.hyperparameters).toEqual({ learningRate: 0.001, weightDecay: 0.0005 })
    expect(optimizer.clipping).toEqual({})
  })

  it.each([-0.1, 1.1, Number.NaN])('refuses a momentum of %s', (momentum) => {
    expect(() => sgdw({ weightDecay: 0, momentum })).toThrow(/"momentum" of sgdw[\s\S]*a number from 0 to 1/)
  })
})

interface Restated {
  readonly w: number
  readonly v: number
}

/** TensorFlow's kernel `ResourceApplyKerasMomentum` behind the decay, each operation rounded to single precision. */
function kerasMomentumInSinglePrecision({ options, weightDecay }: Steps): Restated[] {
  const f = Math.fround
  const [lr, mu, wd, g] = [f(0.001), f(options.momentum ?? 0), f(weightDecay), f(0.1)]
  const states: Restated[] = []
  let [w, v] = [1, 0]
  for (let step = 0; step < 3; step++) {
    w = f(w - f(wd * w))
    v = f(f(v * mu) - f(lr * g))
    w = f(w + (options.nesterov ? f(f(v * mu) - f(lr * g)) : v))
    states.push({ w, v })
  }
  return states
}
