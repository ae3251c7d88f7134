import { describe, expect, expectTypeOf, it } from 'vitest'
import { described, jsonSchemaOf, numberIn, type OptionsOf, optional } from '../options/index.js'
import { errorOf } from '../testing/error-of.js'
import { defineCallback, isCallbackDefinition } from './index.js'

const target = defineCallback({
  specification: 'callback/v1',
  name: 'target',
  title: 'ends training where the accuracy is reached',
  options: {
    accuracy: described('part of 1', numberIn(0, 1)),
    after: described('epochs', optional(numberIn(0, 100), 3)),
  },
  create: ({ accuracy, after }) => ({
    onEpoch({ epoch, training }, { stop }) {
      if (epoch >= after && training.top1 >= accuracy) stop()
    },
  }),
})

describe('a callback that a plugin defines', () => {
  it('makes callbacks of its name, from options and from what a configuration holds', () => {
    expect(target({ accuracy: 0.5 })).toEqual({ name: 'target', onEpoch: expect.any(Function) })
    expect(target.make(JSON.parse('{ "accuracy": 0.5 }')).name).toBe('target')
    expect(errorOf(() => target.make('half')).message).toMatch('The options of target are not an object.')
    expectTypeOf<OptionsOf<typeof target>['after']>().toEqualTypeOf<number | undefined>()
  })

  it('is data: names, titles, and its options with what they are for', () => {
    expect({ ...target }).toMatchObject({ specification: 'callback/v1', name: 'target', title: expect.any(String) })
    const { properties = {}, required } = jsonSchemaOf(target.options)
    expect(required).toEqual(['accuracy'])
    expect(properties.accuracy).toMatchObject({ description: 'part of 1', type: 'number' })
  })

  it('refuses options by its name, and parts of a definition that there are none of', () => {
    expect(errorOf(() => target({ accuracy: 2 })).message).toMatch('The option "accuracy" of target')
    expect(errorOf(() => target({ accuracy: 0, ...{ acuracy: 1 } })).message).toMatch('did you mean accuracy?')
    const { create } = { create: () => ({}) }
    const parts = { specification: 'callback/v1', name: 'a', title: 'A', options: {}, create } as const
    expect(errorOf(() => defineCallback({ ...parts, ...{ onEpoch: create } })).message).toMatch('no option "onEpoch"')
    const later: object = { specification: 'callback/v9' }
    expect(errorOf(() => defineCallback({ ...parts, ...later }))).toMatchObject({
      kind: 'specification',
    })
  })

  it.each([undefined, null, 7, 'odd', [], Promise.resolve({})])(
    'that its create does not give is refused: %s',
    (made) => {
      const given: object = { create: () => made }
      const parts = {
        specification: 'callback/v1',
        name: 'odd',
        title: 'Odd',
        options: {},
        create: () => ({}),
      } as const
      expect(errorOf(() => defineCallback({ ...parts, ...given })())).toMatchObject({
        kind: 'specification',
        message: expect.stringContaining('"create" of the callback "odd"'),
      })
    },
  )

  it('is told from a callback, of whatever copy of core', () => {
    expect(isCallbackDefinition(target)).toBe(true)
    expect(isCallbackDefinition(Object.assign(() => ({}), { [Symbol.for('convzoo.defined/v1')]: 'callback' }))).toBe(
      true,
    )
    for (const other of [target({ accuracy: 0 }), () => ({}), undefined])
      expect(isCallbackDefinition(other)).toBe(false)
  })
})
