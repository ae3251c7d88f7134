import { describe, expect, it } from 'vitest'
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
  ])('that are unknown are named, with the nearest that there is: %s', (name, mend) => {
    const error = errorOf(() => options.parse('fit', unchecked({ batchSize: 4, [name]: 1 })))
    expect(error).toMatchObject({ kind: 'option', received: `${name}: 1`, mend })
    expect(error.sentence).toBe(`fit has no option "${name}".`)
  })

  it('whose values are checked elsewhere are known by name alone', () => {
    requireKnownOptions('fit', { epochs: 'many' }, ['epochs'])
    requireKnownOptions('fit', undefined, ['epochs'])
    expect(errorOf(() => requireKnownOptions('fit', { epoch: 1 }, ['epochs'])).mend).toBe('did you mean epochs?')
    expect(errorOf(() => requireKnownOptions('fit', 1, [])).expected).toBe('an object with no options')
  })

  it('are recognised by a test of their type', () => {
    const dates = defineOptions({ since: matching('a date', (value): value is Date => value instanceof Date) })
    expect(dates.parse('log', { since: new Date(0) }).since.getTime()).toBe(0)
    expect(errorOf(() => dates.parse('log', unchecked({ since: 'today' }))).expected).toBe('a date')
  })
})
