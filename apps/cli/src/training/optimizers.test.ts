import { valueAt } from '@convzoo/core'
import { describe, expect, it } from 'vitest'
import { optimizerNames, optimizerOf } from './optimizers.js'
import { learningRateOf, scheduleNames } from './schedules.js'

const nothing = {
  weightDecay: undefined,
  momentum: undefined,
  nesterov: undefined,
  dampening: undefined,
  convention: undefined,
  beta1: undefined,
  beta2: undefined,
  epsilon: undefined,
  clipNorm: undefined,
} as const
const plain = { decayEvery: undefined, gamma: undefined, power: undefined, finalLearningRate: undefined, warmUp: 0 }

describe('optimizers of the command line', () => {
  it.each(optimizerNames)('%s is the one of core, with the decay that is given', (optimizer) => {
    const made = optimizerOf({ ...nothing, optimizer, weightDecay: 0.25 }, 0.5)
    expect(made.name).toBe(optimizer)
    expect(made.hyperparameters).toEqual({ learningRate: 0.5, weightDecay: 0.25 })
  })

  it('have the decay of the paper, adamw that of PyTorch, where nothing is said', () => {
    const decays = optimizerNames.map(
      (optimizer) => optimizerOf({ ...nothing, optimizer }, 1).hyperparameters.weightDecay,
    )
    expect(decays).toEqual([5e-4, 5e-4, 5e-4, 0.01])
  })

  it('clip by the global norm', () => {
    expect(optimizerOf({ ...nothing, optimizer: 'sgd', clipNorm: 2 }, 1).clipping).toEqual({ globalNorm: 2 })
  })
})

describe('schedules of the command line', () => {
  // From 0.8 over 30 steps: at steps 0, 15 and 30, by their published formulas with the defaults of --help.
  it.each([
    ['constant', [0.8, 0.8, 0.8]],
    ['step', [0.8, 0.08, 0.0008]],
    ['exponential', [0.8, 0.8 * 0.1 ** 1.5, 0.0008]],
    ['polynomial', [0.8, 0.4, 0]],
    ['cosine', [0.8, 0.4, 0]],
  ] as const)('%s falls as its formula says', (schedule, expected) => {
    const made = learningRateOf({ ...plain, schedule, learningRate: 0.8 }, 30)
    for (const [index, rate] of expected.entries()) expect(valueAt(made, 15 * index)).toBeCloseTo(rate, 12)
  })

  it('rise first where warming up is asked for', () => {
    expect(scheduleNames).toHaveLength(5)
    const made = learningRateOf({ ...plain, schedule: 'cosine', learningRate: 0.8, warmUp: 3 }, 30)
    expect([0, 1, 2, 3, 30].map((step) => valueAt(made, step))).toEqual([0.2, 0.4, 0.6000000000000001, 0.8, 0])
  })
})
