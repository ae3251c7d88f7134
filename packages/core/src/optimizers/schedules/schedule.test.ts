import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { errorOf } from '../../testing/error-of.js'
import {
  constant,
  cosine,
  exponential,
  oneCycle,
  parseSchedule,
  piecewise,
  polynomial,
  type Schedule,
  stepDecay,
  valueAt,
  warmUp,
} from './index.js'

describe('valueAt', () => {
  it('of a number is that number', () => {
    expect(valueAt(0.1, 0)).toBe(0.1)
    expect(valueAt(0.1, 1e6)).toBe(0.1)
  })

  // cos 60° = ½, cos 120° = −½
  it.each([
    { step: 0, value: 0.8 },
    { step: 3, value: 0.6 },
    { step: 4.5, value: 0.4 },
    { step: 6, value: 0.2 },
    { step: 9, value: 0 },
    { step: 1000, value: 0 },
  ])('of a cosine over 9 steps at step $step is $value', ({ step, value }) => {
    expect(valueAt(cosine({ initial: 0.8, steps: 9 }), step)).toBeCloseTo(value, 15)
  })

  it('of a cosine ends at its final value', () => {
    const schedule = cosine({ initial: 1, steps: 4, final: 0.2 })
    expectValues(schedule, [1, undefined, 0.6, undefined, 0.2, 0.2])
  })

  it('of a warm-up rises in equal parts to where the next schedule starts', () => {
    const schedule = 0.5
    expectValues(warmUp({ steps: 4, schedule }), [0.1, 0.2, 0.3, 0.4, 0.5, 0.5])
  })

  it('of a warm-up starts the next schedule at its own beginning', () => {
    const schedule = cosine({ initial: 0.8, steps: 2 })
    expectValues(warmUp({ steps: 1, schedule }), [0.4, 0.8, 0.4, 0, 0])
  })

  it('of a cycle stays at its last value', () => {
    const schedule = oneCycle({ maximum: 0.5, steps: 4, divisor: 5, finalDivisor: 10, rise: 0.5 })
    expectValues(schedule, [0.1, 0.5, 0.255, 0.01, 0.01, 0.01])
  })

  it('of a constant is its value', () => {
    expectValues(constant({ value: 0.25 }), [0.25, 0.25, 0.25])
  })
})

interface Published {
  readonly cases: readonly { readonly schedule: Schedule; readonly values: readonly number[] }[]
}

// What `bench/reference/schedules.py` writes; Keras computes in single precision.
describe.each([
  { library: 'torch', tolerance: 1e-14 },
  { library: 'keras', tolerance: 1e-6 },
])('the values of $library', ({ library, tolerance }) => {
  const { cases }: Published = JSON.parse(readFileSync(new URL(`./fixtures/${library}.json`, import.meta.url), 'utf8'))

  it.each(cases)('are those of $schedule.type', ({ schedule, values }) => {
    expect(values.length).toBe(14)
    for (const [step, value] of values.entries()) {
      const received = valueAt(parseSchedule(schedule), step)
      expect(Math.abs(received - value), `step ${step}`).toBeLessThanOrEqual(tolerance * value)
    }
  })
})

describe('parseSchedule', () => {
  const made: readonly Schedule[] = [
    constant({ value: 0.1 }),
    stepDecay({ initial: 0.1, every: 30, gamma: 0.1 }),
    piecewise({ boundaries: [10, 20], values: [0.1, 0.01, 0.001] }),
    exponential({ initial: 0.1, gamma: 0.96 }),
    polynomial({ initial: 0.1, steps: 100 }),
    cosine({ initial: 1, steps: 4, final: 0.2 }),
    oneCycle({ maximum: 0.1, steps: 100 }),
    warmUp({ steps: 5, schedule: 0.1 }),
    warmUp({ steps: 2, schedule: cosine({ initial: 1, steps: 4 }) }),
  ]

  it.each(made)('reads back a $type schedule that was written down', (schedule) => {
    expect(parseSchedule(JSON.parse(JSON.stringify(schedule)))).toEqual(schedule)
  })

  it('fills in what was left out', () => {
    expect(parseSchedule({ type: 'polynomial', initial: 1, steps: 4 })).toEqual({
      type: 'polynomial',
      initial: 1,
      steps: 4,
      final: 0,
      power: 1,
    })
  })

  it.each([undefined, null, 0.1, 'cosine', [], {}, { type: 'sawtooth' }, { type: 'toString' }])(
    'refuses %j',
    (data) => {
      const error = errorOf(() => parseSchedule(data))
      expect(error).toMatchObject({ kind: 'option', message: expect.stringContaining('This is not a schedule.') })
      for (const { type } of made) expect(error.expected).toMatch(type)
    },
  )
})

describe('a schedule is refused', () => {
  it.each([
    ['a value that is not a number', 'constant', 'value', { type: 'constant', value: '0.1' }],
    ['infinity', 'cosine', 'initial', { type: 'cosine', initial: Number.POSITIVE_INFINITY, steps: 3 }],
    ['no steps', 'cosine', 'steps', { type: 'cosine', initial: 1, steps: 0 }],
    ['half a step', 'stepDecay', 'every', { type: 'stepDecay', initial: 1, every: 1.5, gamma: 0.1 }],
    ['a negative factor', 'exponential', 'gamma', { type: 'exponential', initial: 1, gamma: -0.5 }],
    ['a missing value', 'stepDecay', 'gamma', { type: 'stepDecay', initial: 1, every: 2 }],
    ['a power of nothing', 'polynomial', 'power', { type: 'polynomial', initial: 1, steps: 2, power: 0 }],
    ['boundaries that fall', 'piecewise', 'boundaries', { type: 'piecewise', boundaries: [3, 2], values: [1, 2, 3] }],
    ['a boundary at the start', 'piecewise', 'boundaries', { type: 'piecewise', boundaries: [0], values: [1, 2] }],
    ['too few values', 'piecewise', 'values', { type: 'piecewise', boundaries: [1, 2], values: [1, 2] }],
    ['a schedule that is none', 'warmUp', 'schedule', { type: 'warmUp', steps: 2, schedule: -1 }],
    [
      'a bad schedule inside',
      'cosine',
      'steps',
      { type: 'warmUp', steps: 2, schedule: { type: 'cosine', initial: 1 } },
    ],
  ])('for %s', (_, type, option, data) => {
    expect(errorOf(() => parseSchedule(data))).toMatchObject({
      kind: 'option',
      message: expect.stringContaining(`The option "${option}" of schedule ${type} has a value that cannot be used.`),
    })
  })

  it('for an option that it does not have', () => {
    const error = errorOf(() => parseSchedule({ type: 'cosine', initial: 1, steps: 3, alpha: 0.1 }))
    expect(error.message).toMatch('schedule cosine has no option "alpha".')
    expect(error.expected).toBe('one of initial, steps, final')
  })
})

function expectValues(schedule: Schedule, values: readonly (number | undefined)[]): void {
  for (const [step, value] of values.entries()) {
    if (value !== undefined) expect(valueAt(schedule, step), `step ${step}`).toBeCloseTo(value, 14)
  }
}
