import { describe, expect, expectTypeOf, it } from 'vitest'
import { dense, input } from '../layers/index.js'
import { functionalModel } from '../model/index.js'
import { described, jsonSchemaOf, numberFrom, type OptionsOf, optional } from '../options/index.js'
import { createProgram } from '../program/index.js'
import { errorOf } from '../testing/error-of.js'
import { runProgram } from '../testing/run-program.js'
import { defineLoss, isLossDefinition, type Loss, lossDefinitions } from './index.js'

const huber = defineLoss({
  specification: 'loss/v1',
  name: 'huber',
  title: 'squared near the target, absolute far from it',
  source: 'Huber, "Robust estimation of a location parameter", 1964',
  options: { delta: described('where the one becomes the other', optional(numberFrom(0), 1)) },
  losses: ({ ops, output, targets }, { delta }) => {
    const distance = ops.subtract(output, targets)
    const absolute = ops.maximum(distance, ops.negate(distance))
    const near = ops.multiply(ops.square(distance), 0.5)
    const far = ops.multiply(ops.subtract(absolute, delta / 2), delta)
    return ops.sum(ops.select(ops.greater(absolute, delta), far, near), { axes: [1] })
  },
})

/** The loss of an output of [1, 4] where [0, 0] was to be. */
function lossOf(loss: Loss): number | undefined {
  const images = input({ shape: [2] })
  const output = dense({ units: 2, useBias: false, kernelInitializer: 'ones' })(images)
  const model = functionalModel({ inputs: images, output })
  const { state, run } = runProgram(createProgram({ model, loss, batchSizes: { evaluate: [1] } }))
  state.set('dense/kernel', [1, 0, 0, 4])
  return run('evaluate/1', { images: [1, 1], targets: [0, 0] }).outputs.losses?.data[0]
}

describe('a loss that a plugin defines', () => {
  it('is what a program makes smaller, by its options', () => {
    expect(lossOf(huber())).toBe(0.5 + 3.5)
    expect(lossOf(huber({ delta: 2 }))).toBe(0.5 + 6)
    expect(lossOf(huber.make({ delta: 2 }))).toBe(0.5 + 6)
  })

  it('is data: names, titles, and its options with what they are for', () => {
    expect({ ...huber }).toMatchObject({ specification: 'loss/v1', name: 'huber' })
    expect(jsonSchemaOf(huber.options)).toMatchObject({
      properties: { delta: { type: 'number', minimum: 0, default: 1, description: 'where the one becomes the other' } },
    })
    expectTypeOf<OptionsOf<typeof huber>['delta']>().toEqualTypeOf<number | undefined>()
  })

  it('refuses options, and is told from a loss', () => {
    expect(errorOf(() => huber({ delta: -1 })).message).toMatch('The option "delta" of huber has a value')
    expect(isLossDefinition(huber)).toBe(true)
    expect(isLossDefinition(huber())).toBe(false)
    const loss: unknown = huber
    expect(errorOf(() => lossOf(loss as Loss))).toMatchObject({ hint: 'call it: huber(…)' })
  })

  it('of another contract is refused', () => {
    const given: unknown = { specification: 'loss/v2', name: 'x', title: 'x', options: {}, losses: () => {} }
    expect(errorOf(() => defineLoss(given as Parameters<typeof defineLoss>[0])).kind).toBe('specification')
  })
})

it("core's losses are listed by name, each with options that say what they are for", () => {
  for (const [name, definition] of Object.entries(lossDefinitions)) {
    expect(definition.name).toBe(name)
    for (const { schema, description = '' } of Object.values(definition.options)) {
      expect(schema).toBeDefined()
      expect(description.length).toBeGreaterThan(5)
    }
  }
})
