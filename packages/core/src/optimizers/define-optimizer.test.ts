import { describe, expect, expectTypeOf, it } from 'vitest'
import type { Value } from '../graph/index.js'
import { described, integer, jsonSchemaOf, numberIn, type OptionsOf, optional } from '../options/index.js'
import { initialState } from '../program/index.js'
import { errorOf } from '../testing/error-of.js'
import { knownGradients } from '../testing/one-weight.js'
import { runProgram } from '../testing/run-program.js'
import {
  defineOptimizer,
  isOptimizerDefinition,
  type Optimizer,
  type OptimizerRule,
  optimizerDefinitions,
  type Schedule,
  scalarsAt,
  scheduled,
  type sgdw,
} from './index.js'

const lion = defineOptimizer({
  specification: 'optimizer/v1',
  name: 'lion',
  title: 'Lion',
  source: 'Chen et al., "Symbolic discovery of optimization algorithms", 2023',
  learningRate: 1e-4,
  options: {
    weightDecay: described('fraction of each weight that is lost at a learning rate of 1', optional(scheduled, 0)),
    beta1: described('part of the mean in a step', optional(numberIn(0, 1), 0.9)),
    beta2: described('part of the mean that is kept', optional(numberIn(0, 1), 0.99)),
  },
  rule: ({ beta1, beta2 }): OptimizerRule<'mean'> => ({
    slots: { mean: 'zeros' },
    update: ({ ops, weight, gradient, slots, learningRate }) => {
      const blend = ops.add(ops.multiply(slots.mean, beta1), ops.multiply(gradient, 1 - beta1))
      const sign = ops.subtract(ops.select(ops.greater(blend, 0), 1, 0), ops.select(ops.greater(0, blend), 1, 0))
      return {
        weight: ops.subtract(weight, ops.multiply(learningRate, sign)),
        slots: { mean: ops.add(ops.multiply(slots.mean, beta2), ops.multiply(gradient, 1 - beta2)) },
      }
    },
  }),
})

/** The state after a step of the program of {@link knownGradients}, whose weights start at 1. */
function afterOneStep(optimizer: Optimizer, gradient: number) {
  const { state, run } = runProgram(knownGradients(optimizer))
  const scalars = Object.entries(scalarsAt(optimizer, 0)).map(([name, value]) => [name, [value]])
  const batch = { images: [gradient], targets: [0], sampleIndices: [0], seed: [1, 0], step: [0] }
  run('train/1', { ...batch, ...Object.fromEntries(scalars) })
  return Object.fromEntries([...state].map(([name, data]) => [name, data[0]]))
}

describe('an optimizer that a plugin defines', () => {
  it('makes optimizers that train', () => {
    const optimizer = lion({ learningRate: 0.25, beta1: 0.5, beta2: 0.75, weightDecay: 0.5 })
    expect(optimizer.name).toBe('lion')
    expect(optimizer.slots).toEqual(['mean'])
    // 1 − ¼·½, then ¼ in the direction of the gradient.
    expect(afterOneStep(optimizer, 3)['weighted/kernel']).toBe(1 - 0.125 - 0.25)
    expect(afterOneStep(optimizer, -3)['weighted/kernel']).toBe(1 - 0.125 + 0.25)
    expect(afterOneStep(optimizer, 3)['weighted/kernel/mean']).toBe(0.75)
  })

  it('has its own defaults, and those of every optimizer', () => {
    expect(lion().hyperparameters).toEqual({ learningRate: 1e-4, weightDecay: 0 })
    expect(lion({ excludeFromWeightDecay: [/bias$/] }).decays('dense/bias')).toBe(false)
    expect(lion({ clipping: { norm: 1 } }).clipping).toEqual({ norm: 1 })
  })

  it('is data: names, titles, and its options with what they are for', () => {
    expect({ ...lion }).toMatchObject({
      specification: 'optimizer/v1',
      name: 'lion',
      title: 'Lion',
      source: 'Chen et al., "Symbolic discovery of optimization algorithms", 2023',
    })
    expect(Object.keys(lion.options)).toEqual([
      'learningRate',
      'excludeFromWeightDecay',
      'clipping',
      'weightDecay',
      'beta1',
      'beta2',
    ])
    const { properties = {}, required } = jsonSchemaOf(lion.options)
    expect(required).toEqual([])
    expect(Object.keys(properties)).toEqual(Object.keys(lion.options))
    expect(properties.learningRate).toMatchObject({ default: 1e-4, anyOf: [{ type: 'number' }, { type: 'object' }] })
    expect(properties.beta1).toMatchObject({ default: 0.9, description: 'part of the mean in a step' })
  })

  it('knows the types of what a user may write', () => {
    type LionOptions = OptionsOf<typeof lion>
    expectTypeOf<LionOptions['beta1']>().toEqualTypeOf<number | undefined>()
    expectTypeOf<LionOptions['learningRate']>().toEqualTypeOf<number | Schedule | undefined>()
    expectTypeOf<{ beta1: string }>().not.toExtend<LionOptions>()
    expectTypeOf<Parameters<typeof lion>>().toEqualTypeOf<[options?: LionOptions]>()
    expectTypeOf<Parameters<typeof sgdw>>().toEqualTypeOf<[options: OptionsOf<typeof sgdw>]>()
  })

  it('makes an optimizer of data, too, which is checked', () => {
    const data: unknown = JSON.parse('{ "beta1": 0.5, "excludeFromWeightDecay": ["bias$"] }')
    expect(lion.make(data).decays('dense/bias')).toBe(false)
    expect(errorOf(() => lion.make([])).message).toMatch('The options of lion are not an object.')
  })

  it('refuses options by its name', () => {
    expect(errorOf(() => lion({ beta1: 1 })).message).toMatch('The option "beta1" of lion has a value')
    expect(errorOf(() => lion({ ...{ beta3: 1 } })).message).toMatch('lion has no option "beta3"')
  })

  it('is told from an optimizer, of whatever copy of core', () => {
    expect(isOptimizerDefinition(lion)).toBe(true)
    for (const other of [lion(), () => lion(), 'lion', undefined]) expect(isOptimizerDefinition(other)).toBe(false)
    const foreign = Object.assign(() => lion(), { [Symbol.for('convzoo.defined/v1')]: 'optimizer' })
    expect(isOptimizerDefinition(foreign)).toBe(true)
  })

  it('is not taken for an optimizer', () => {
    const optimizer: unknown = lion
    expect(errorOf(() => knownGradients(optimizer as Optimizer))).toMatchObject({ hint: 'call it: lion(…)' })
  })
})

describe('a rule', () => {
  const still = { specification: 'optimizer/v1', name: 'still', title: 'Still', learningRate: 1 } as const

  it('decays nothing without an option for it', () => {
    const optimizer = defineOptimizer({
      ...still,
      options: {},
      rule: () => ({ update: ({ weight }) => ({ weight, slots: {} }) }),
    })()
    expect(optimizer.hyperparameters.weightDecay).toBe(0)
    expect(afterOneStep(optimizer, 1)['weighted/kernel']).toBe(1)
  })

  it.each([7, 'mean', [], Promise.resolve({}), new Map()])(
    'refuses slots that are no object of starts: %j',
    (slots) => {
      const given: object = { slots, update: () => ({}) }
      const parts = {
        specification: 'optimizer/v1',
        name: 'odd',
        title: 'Odd',
        learningRate: 0.1,
        options: {},
      } as const
      const rule = (): { update: Optimizer['update'] } => ({
        update: ({ weight }) => ({ weight, slots: {} }),
        ...given,
      })
      expect(errorOf(() => defineOptimizer({ ...parts, rule })()).message).toMatch('"slots" of the rule of odd')
    },
  )

  it('starts slots as it says: by an initializer, or as a copy of the weight', () => {
    const optimizer = defineOptimizer({
      ...still,
      options: { window: optional(integer(0), 0) },
      rule: ({ window }): OptimizerRule<'first' | 'one' | 'half' | 'never', never> => ({
        slots: {
          first: 'weight',
          one: 'ones',
          half: { type: 'constant', value: 0.5 },
          never: window === 0 ? undefined : 'zeros',
        },
        update: ({ weight, slots }) => ({ weight, slots }),
      }),
    })()
    expect(optimizer.slots).toEqual(['first', 'one', 'half'])
    const random = { type: 'randomNormal', mean: 0, standardDeviation: 1 } as const
    const program = knownGradients(optimizer, { features: 5, start: random })
    const start = new Map([...initialState(program, 3)].map(({ name, data }) => [name, data]))
    for (const weight of ['weighted/kernel', 'weighted/bias']) {
      expect(start.get(`${weight}/first`)).toEqual(start.get(weight))
      expect(start.get(`${weight}/one`)).toEqual(new Float32Array(5).fill(1))
      expect(start.get(`${weight}/half`)).toEqual(new Float32Array(5).fill(0.5))
    }
    expect(start.get('weighted/kernel')).not.toEqual(start.get('weighted/bias'))
  })

  it('sees the name of each weight, and whether it decays', () => {
    const seen: Record<string, boolean> = {}
    const optimizer = defineOptimizer({
      ...still,
      options: { weightDecay: optional(scheduled, 0.5) },
      rule: () => ({
        update: ({ weight, name, decays }) => {
          seen[name] = decays
          return { weight, slots: {} }
        },
      }),
    })({ excludeFromWeightDecay: [/bias$/] })
    knownGradients(optimizer)
    expect(seen).toEqual({ 'weighted/kernel': true, 'weighted/bias': false })
  })

  it.each([
    ['a slot that starts as nothing known', () => ({ slots: { v: 'once' }, update: () => {} }), 'slots'],
    ['no update', () => ({ slots: {} }), 'update'],
    ['a part that is unknown', () => ({ update: () => {}, slot: {} }), 'slot'],
  ])('with %s is refused', (_, rule, part) => {
    const given: unknown = { ...still, options: {}, rule }
    const make = defineOptimizer(given as Parameters<typeof defineOptimizer>[0])
    expect(errorOf(() => make()).message).toMatch(`"${part}"`)
  })

  it('may not take the place of the options that every optimizer has', () => {
    const options = { clipping: optional(integer(0)) }
    const rule = () => ({ update: ({ weight }: { readonly weight: Value }) => ({ weight, slots: {} }) })
    expect(errorOf(() => defineOptimizer({ ...still, options, rule })).expected).toMatch('none of learningRate')
  })

  it('of another contract is refused', () => {
    const specification: string = 'optimizer/v2'
    const given = { ...still, options: {}, rule: () => ({ update: () => ({}) }), specification }
    expect(errorOf(() => defineOptimizer(given as never)).kind).toBe('specification')
  })
})

describe("core's optimizers", () => {
  it('are listed by name, each with options that JSON can write and that say what they are for', () => {
    expect(Object.keys(optimizerDefinitions)).toEqual(['sgdw', 'sgd', 'sgdL2', 'adamW'])
    for (const [name, definition] of Object.entries(optimizerDefinitions)) {
      expect(definition.name).toBe(name)
      for (const [option, { schema, description = '' }] of Object.entries(definition.options)) {
        expect(schema, `${name}.${option}`).toBeDefined()
        expect(description.length, `${name}.${option}`).toBeGreaterThan(5)
      }
    }
  })
})
