import { describe, expect, it } from 'vitest'
import { described, integer, jsonSchemaOf, numberFrom, optional } from '../../options/index.js'
import { errorOf } from '../../testing/error-of.js'
import { scalarsAt, sgd } from '../index.js'
import { defineSchedule, parseSchedule, scheduleDefinitions, scheduleOverRun, valueAt, warmUp } from './index.js'

const reciprocal = defineSchedule({
  specification: 'schedule/v1',
  package: '@test/schedules',
  name: 'reciprocal',
  title: 'initial / (1 + t / scale)',
  options: {
    initial: described('the first value', numberFrom(0)),
    scale: described('steps to half of it', optional(integer(1), 10)),
  },
  at: ({ initial, scale }, step) => initial / (1 + step / scale),
  ofRun: ['initial'],
  overRun: ({ initial, steps }) => ({ initial, scale: Math.ceil(steps / 2) }),
})

describe('a schedule that a plugin defines', () => {
  it('is plain data that is read back, and taken wherever a schedule is', () => {
    const schedule = reciprocal({ initial: 0.5 })
    expect(schedule).toEqual({ type: 'reciprocal', initial: 0.5, scale: 10 })
    expect(parseSchedule(JSON.parse(JSON.stringify(schedule)))).toEqual(schedule)
    expect(valueAt(schedule, 10)).toBe(0.25)
    expect(scalarsAt(sgd({ learningRate: schedule }), 10).learningRate).toBe(0.25)
    expect(valueAt(warmUp({ steps: 4, schedule }), 14)).toBe(0.25)
  })

  it('refuses options by its name, whoever reads it', () => {
    expect(errorOf(() => reciprocal({ initial: -1 })).message).toMatch('The option "initial" of schedule reciprocal')
    const schedule = { type: 'reciprocal', initial: 1, scale: 0 }
    expect(errorOf(() => sgd({ learningRate: schedule })).sentence).toMatch('"scale" of schedule reciprocal')
  })

  it('is listed with the others, with what its options are for', () => {
    expect(Object.keys(scheduleDefinitions())).toEqual(
      expect.arrayContaining([
        'constant',
        'cosine',
        'exponential',
        'oneCycle',
        'piecewise',
        'polynomial',
        'stepDecay',
        'warmUp',
      ]),
    )
    expect(scheduleDefinitions().reciprocal?.title).toBe('initial / (1 + t / scale)')
    for (const { name, options } of Object.values(scheduleDefinitions())) {
      for (const [option, { schema, description = '' }] of Object.entries(options)) {
        expect(schema, `${name}.${option}`).toBeDefined()
        expect(description.length, `${name}.${option}`).toBeGreaterThan(5)
      }
    }
  })

  it('of another contract is refused', () => {
    const described: unknown = {
      specification: 'schedule/v2',
      package: 'x',
      name: 'x',
      title: 'x',
      options: {},
      at: () => 1,
    }
    expect(errorOf(() => defineSchedule(described as Parameters<typeof defineSchedule>[0])).kind).toBe('specification')
  })

  it('may not take the name that another package holds; of one package, the first stays', () => {
    const again = {
      specification: 'schedule/v1',
      name: 'reciprocal',
      title: 'another',
      options: {},
      at: () => 1,
    } as const
    expect(errorOf(() => defineSchedule({ ...again, package: '@test/others' }))).toMatchObject({
      kind: 'registry',
      expected: '@test/schedules, which was there first',
    })
    defineSchedule({ ...again, package: '@test/schedules' })
    expect(scheduleDefinitions().reciprocal?.title).toBe('initial / (1 + t / scale)')
  })
})

describe('a schedule over a run', () => {
  const run = { initial: 0.5, steps: 100 }

  // 100 / 3 is 33⅓.
  it.each([
    ['constant', {}, { type: 'constant', value: 0.5 }],
    ['stepDecay', {}, { type: 'stepDecay', initial: 0.5, every: 34, gamma: 0.1 }],
    ['stepDecay', { every: 7, gamma: 0.5 }, { type: 'stepDecay', initial: 0.5, every: 7, gamma: 0.5 }],
    ['exponential', {}, { type: 'exponential', initial: 0.5, gamma: 0.1, steps: 34 }],
    ['exponential', { steps: 9 }, { type: 'exponential', initial: 0.5, gamma: 0.1, steps: 9 }],
    ['polynomial', { power: 2 }, { type: 'polynomial', initial: 0.5, steps: 100, final: 0, power: 2 }],
    ['cosine', { final: 0.25 }, { type: 'cosine', initial: 0.5, steps: 100, final: 0.25 }],
    [
      'oneCycle',
      { rise: 0.5 },
      {
        type: 'oneCycle',
        maximum: 0.5,
        steps: 100,
        rise: 0.5,
        divisor: 25,
        finalDivisor: 1e4,
        anneal: 'cosine',
        threePhases: false,
      },
    ],
    ['reciprocal', {}, { type: 'reciprocal', initial: 0.5, scale: 50 }],
    ['piecewise', { boundaries: [2], values: [1, 2] }, { type: 'piecewise', boundaries: [2], values: [1, 2] }],
  ])('of kind %s with %j is %j', (type, given, schedule) => {
    expect(scheduleOverRun(type, run, given)).toEqual(schedule)
  })

  it('has of its options those that are not the run’s', () => {
    const runOptions = Object.entries(scheduleDefinitions()).map(([name, { runOptions: kinds }]) => [
      name,
      Object.keys(kinds),
    ])
    expect(Object.fromEntries(runOptions)).toMatchObject({
      constant: [],
      stepDecay: ['every', 'gamma'],
      exponential: ['gamma', 'steps'],
      polynomial: ['final', 'power'],
      cosine: ['final'],
      oneCycle: ['rise', 'divisor', 'finalDivisor', 'anneal', 'threePhases'],
      reciprocal: ['scale'],
      piecewise: ['boundaries', 'values'],
    })
    expect(jsonSchemaOf(scheduleDefinitions().stepDecay?.runOptions ?? {}).required).toEqual([])
  })

  it('has no default of its own for what follows from the run', () => {
    const { exponential, cosine } = scheduleDefinitions()
    expect(exponential?.runOptions.steps).not.toHaveProperty('fallback')
    expect(cosine?.runOptions.final).toMatchObject({ fallback: 0 })
  })

  it.each([
    ['cosine', { initial: 1 }, 'schedule cosine of a run has no option "initial"'],
    ['cosine', { final: -1 }, 'The option "final" of schedule cosine'],
    ['piecewise', {}, 'The option "boundaries" of schedule piecewise'],
    ['cosin', {}, 'No schedule has this name.'],
  ])('refuses of kind %s %j', (type, given, message) => {
    expect(errorOf(() => scheduleOverRun(type, run, given)).message).toMatch(message)
  })
})
