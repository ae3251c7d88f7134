import { describe, expect, it } from 'vitest'
import { errorOf } from '../testing/error-of.js'
import { knownGradients } from '../testing/one-weight.js'
import { runProgram } from '../testing/run-program.js'
import { adamW } from './adamw.js'
import { type Optimizer, scalarsAt } from './optimizer.js'
import { cosine, exponential } from './schedules/index.js'
import { sgd } from './sgd.js'
import { sgdL2 } from './sgd-l2.js'
import { sgdw } from './sgdw.js'

/** Options as a program in JavaScript might give them. */
type Make = (options: Readonly<Record<string, unknown>>) => Optimizer

const makers = {
  sgdw: (options) => sgdw({ weightDecay: 0, ...options }),
  sgd: (options) => sgd(options),
  sgdL2: (options) => sgdL2(options),
  adamW: (options) => adamW(options),
} satisfies Readonly<Record<string, Make>>

const all = Object.entries(makers).map(([name, make]) => ({ name, make: make as Make }))

describe.each(all)('$name', ({ name, make }) => {
  it('refuses an option that it does not have', () => {
    const error = errorOf(() => make({ learning_rate: 0.1 }))
    expect(error).toMatchObject({ kind: 'option', received: 'learning_rate: 0.1' })
    expect(error.message).toMatch(`${name} has no option "learning_rate".`)
    expect(error.expected).toMatch('learningRate, excludeFromWeightDecay, clipping, weightDecay')
    expect(error.expected).not.toMatch('name')
  })

  it.each([
    ['learningRate', -0.1],
    ['learningRate', Number.NaN],
    ['learningRate', '0.1'],
    ['weightDecay', Number.POSITIVE_INFINITY],
    ['clipping', 1],
    ['excludeFromWeightDecay', ['(']],
    ['excludeFromWeightDecay', [1]],
  ])('refuses %s: %j', (option, value) => {
    expect(errorOf(() => make({ [option]: value })).message).toMatch(`The option "${option}" of ${name} has a value`)
  })

  it('refuses a schedule and bounds that cannot be used', () => {
    expect(errorOf(() => make({ learningRate: { type: 'cosine' } })).message).toMatch('of schedule cosine has a value')
    expect(errorOf(() => make({ clipping: { globalNorm: 0 } })).message).toMatch('"globalNorm" of clipping has a value')
    expect(errorOf(() => make({ clipping: { max: 1 } })).message).toMatch('clipping has no option "max"')
  })

  it.each([
    'fast',
    () => 0.1,
    {},
    null,
    { at: () => 0.1 },
    { type: 'sawtooth' },
    { type: 'constant', value: Number.NaN },
    { type: 'cosine', initial: 0.1, steps: 10, final: -0.1 },
    { type: 'piecewise', boundaries: [1], values: [0.1, -0.1] },
    { type: 'warmUp', steps: 10, schedule: { type: 'constant', value: '0.1' } },
  ])('names itself and the option where a schedule is none: %o', (schedule) => {
    for (const option of ['learningRate', 'weightDecay']) {
      const error = errorOf(() => make({ [option]: schedule }))
      expect(error.kind).toBe('option')
      expect(error.sentence).toMatch(`"${option}" of ${name}`)
    }
  })

  it('takes patterns as texts, as JSON writes them', () => {
    const { decays } = make({ excludeFromWeightDecay: ['bias$', /^dense_2/] })
    expect(['conv2d/bias', 'bias/kernel', 'dense_2/kernel'].map(decays)).toEqual([false, true, false])
  })

  it('does not decay the weights that are excluded, and all others', () => {
    const { decays } = make({ excludeFromWeightDecay: [/bias$/] })
    expect(['conv2d/kernel', 'conv2d/bias', 'bias/kernel'].map(decays)).toEqual([true, false, true])
    const optimizer = make({
      weightDecay: 0.5,
      learningRate: 0.5,
      excludeFromWeightDecay: [/bias$/],
    })
    const { state, run } = runProgram(knownGradients(optimizer))
    const scalars = Object.entries(scalarsAt(optimizer, 0)).map(([scalar, value]) => [scalar, [value]])
    const inputs = { targets: [0], sampleIndices: [0], seed: [1, 0], step: [0], ...Object.fromEntries(scalars) }
    run('train/1', { images: [0], ...inputs }) // the kernel's gradient is 0: only decay can move it
    expect(state.get('weighted/kernel')?.[0]).toBeLessThan(1)
  })

  it('takes schedules, and gives their values at a step', () => {
    const optimizer = make({ learningRate: cosine({ initial: 0.4, steps: 4 }), weightDecay: 0.125 })
    expect(scalarsAt(optimizer, 0)).toMatchObject({ learningRate: 0.4, weightDecay: 0.125 })
    expect(scalarsAt(optimizer, 2).learningRate).toBeCloseTo(0.2, 15)
  })
})

describe('sgdL2', () => {
  it('has another slot in each convention, so that the one is never read as the other', () => {
    expect(sgdL2({ momentum: 0.9 }).slots).toEqual(['momentumBuffer'])
    expect(sgdL2({ momentum: 0.9, convention: 'caffe' }).slots).toEqual(['velocity'])
    expect(sgdL2({}).slots).toEqual([])
  })

  it.each([
    { momentum: 0.9, dampening: 0.5, nesterov: true },
    { nesterov: true },
    { momentum: 0.9, dampening: 0.5, convention: 'caffe' },
  ] as const)('refuses %j', (options) => {
    expect(errorOf(() => sgdL2(options)).kind).toBe('option')
  })
})

describe('adamW', () => {
  it('computes bias corrections in double precision from the step', () => {
    expect(scalarsAt(adamW({}), 0)).toMatchObject({
      biasCorrection1: 1 - 0.9,
      biasCorrection2Sqrt: Math.sqrt(1 - 0.999),
    })
    expect(scalarsAt(adamW({}), 9).biasCorrection1).toBeCloseTo(1 - 0.9 ** 10, 15)
  })

  it('refuses a beta of 1', () => {
    expect(errorOf(() => adamW({ beta2: 1 })).message).toMatch('The option "beta2" of adamW has a value')
  })
})

describe('scalarsAt', () => {
  it.each([Number.NaN, Number.POSITIVE_INFINITY, '1', undefined])(
    'refuses %o of an optimizer at the step where it comes',
    (late) => {
      const scalars = { warmth: (step: number) => (step < 3 ? 1 : (late as number)) }
      const optimizer = { ...sgd({}), scalars }
      expect(scalarsAt(optimizer, 2)).toMatchObject({ warmth: 1 })
      expect(errorOf(() => scalarsAt(optimizer, 3))).toMatchObject({
        kind: 'numeric',
        sentence: "The optimizer's warmth is no finite number at step 3.",
      })
    },
  )

  it.each([
    ['learningRate', { hyperparameters: { learningRate: -0.1, weightDecay: 0 } }, undefined],
    ['weightDecay', { hyperparameters: { learningRate: 0.1, weightDecay: -1e-9 } }, undefined],
    ['averageDecay', {}, { decay: exponential({ initial: 0.9, gamma: 2 }) }],
  ])('refuses a %s that would train on nonsense', (name, changed, average) => {
    expect(errorOf(() => scalarsAt({ ...sgd({}), ...changed }, 3, average))).toMatchObject({
      kind: 'numeric',
      sentence: `The optimizer's ${name} is out of range at step 3.`,
    })
  })

  it('refuses a rate that grows beyond the finite numbers when it does', () => {
    const optimizer = sgd({ learningRate: exponential({ initial: 1, gamma: 1e200 }) })
    expect(scalarsAt(optimizer, 1).learningRate).toBe(1e200)
    expect(errorOf(() => scalarsAt(optimizer, 2)).sentence).toBe(
      "The optimizer's learningRate is no finite number at step 2.",
    )
  })
})
