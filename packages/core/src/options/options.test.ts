import { describe, expect, it } from 'vitest'
import { sgdw } from '../optimizers/index.js'
import { createModel } from '../registry/index.js'
import { summarize } from '../summary/index.js'
import { errorOf } from '../testing/error-of.js'
import { defineOptions, functionOf, integer, matching, optional, requireKnownOptions } from './index.js'

const options = defineOptions({ batchSize: integer(1), onStep: optional(functionOf()), seed: optional(integer(0), 1) })
const unchecked = (value: unknown) => value as never

describe('options', () => {
  it('come out with their defaults', () => {
    expect(options.parse('fit', { batchSize: 4 })).toEqual({ batchSize: 4, onStep: undefined, seed: 1 })
    expect(options.parse('fit', { batchSize: 4, seed: undefined }).seed).toBe(1)
  })

  it('may be an instance of a class', () => {
    class Given {
      get batchSize(): number {
        return 8
      }
    }
    expect(options.parse('fit', new Given()).batchSize).toBe(8)
  })

  it.each([null, 4, 'four', true, [4], () => 4])('are an object, not %o', (given) => {
    expect(errorOf(() => options.parse('fit', unchecked(given)))).toMatchObject({
      kind: 'option',
      sentence: 'The options of fit are not an object.',
      expected: 'an object with one of batchSize, onStep, seed',
    })
  })

  it.each([
    ['batchsize', 'did you mean batchSize?'],
    ['sead', 'did you mean seed?'],
    ['toString', undefined],
    ['validationSplit', undefined],
  ])('that are unknown are named, with the nearest that there is: %s', (name, hint) => {
    const error = errorOf(() => options.parse('fit', unchecked({ batchSize: 4, [name]: 1 })))
    expect(error).toMatchObject({ kind: 'option', received: `${name}: 1`, hint })
    expect(error.sentence).toBe(`fit has no option "${name}".`)
  })

  it('whose values are checked elsewhere are known by name alone', () => {
    requireKnownOptions('fit', { epochs: 'many' }, ['epochs'])
    requireKnownOptions('fit', undefined, ['epochs'])
    expect(errorOf(() => requireKnownOptions('fit', { epoch: 1 }, ['epochs'])).hint).toBe('did you mean epochs?')
    expect(errorOf(() => requireKnownOptions('fit', 1, [])).expected).toBe('an object with no options')
  })

  it('are recognised by a test of their type', () => {
    const dates = defineOptions({ since: matching('a date', (value): value is Date => value instanceof Date) })
    expect(dates.parse('log', { since: new Date(0) }).since.getTime()).toBe(0)
    expect(errorOf(() => dates.parse('log', unchecked({ since: 'today' }))).expected).toBe('a date')
  })

  it('that an instance of a class has and nobody knows are refused, its own and those that it inherits', () => {
    class Common {
      get sead(): number {
        return 1
      }
    }
    class Given extends Common {
      readonly batchSize = 8
    }
    expect(errorOf(() => options.parse('fit', new Given())).sentence).toBe('fit has no option "sead".')
    const inherited: object = Object.create({ epochs: 2 })
    expect(errorOf(() => options.parse('fit', unchecked(inherited))).sentence).toBe('fit has no option "epochs".')
    expect(errorOf(() => options.parse('fit', unchecked(new Map([['batchSize', 4]])))).kind).toBe('option')
    expect(errorOf(() => options.parse('fit', unchecked(new AbortController()))).kind).toBe('option')
  })

  it('may be methods of a class, whose other methods are its own affair', () => {
    class Given {
      batchSize = 8
      onStep(): string {
        return 'stepped'
      }
      describe(): string {
        return 'eight'
      }
    }
    expect(options.parse('fit', new Given()).onStep?.()).toBe('stepped')
  })

  it('may come without a prototype', () => {
    expect(options.parse('fit', Object.assign(Object.create(null), { batchSize: 2 })).batchSize).toBe(2)
  })

  it.each([
    ['a function that makes it', sgdw, 'the function sgdw', 'call it: sgdw(…)'],
    ['a class', AbortController, 'the class AbortController', 'make one: new AbortController(…)'],
    ['a promise', Promise.resolve(1), 'a promise', 'await it'],
    ['a controller', new AbortController(), '{}', 'pass its signal: controller.signal'],
    ['an arrow', () => 1, 'a function', undefined],
  ])('say what to do with %s', (_, value, received, hint) => {
    expect(errorOf(() => options.parse('fit', unchecked({ batchSize: value })))).toMatchObject({ received, hint })
  })

  it('say to await a promise of them', () => {
    const promised = Promise.resolve({ batchSize: 4 })
    expect(errorOf(() => options.parse('fit', unchecked(promised)))).toMatchObject({
      sentence: 'The options of fit are not an object.',
      hint: 'await it',
    })
  })
})

describe('arguments', () => {
  it('are named with the function that takes them', () => {
    expect(errorOf(() => summarize(unchecked(createModel)))).toMatchObject({
      kind: 'option',
      sentence: 'The argument "model" of summarize cannot be used.',
      expected: "a model, such as createModel('alexnet', { classes: 10 })",
      received: 'the function createModel',
      hint: 'call it: createModel(…)',
    })
    expect(errorOf(() => summarize(unchecked(undefined))).received).toBe('nothing')
  })
})
