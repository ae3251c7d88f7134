import { describe, expect, it } from 'vitest'
import { flatten, input } from '../layers/index.js'
import { errorOf } from '../testing/error-of.js'
import { functionalModel } from './index.js'

describe('what a model ends in', () => {
  const x = input({ shape: [2, 2, 3] })
  const row = flatten()(x)

  it.each([
    [{ output: row }, 'classes', 12],
    [{ output: row, endsIn: 'features' }, 'features', 0],
    [{ output: row, classes: 0 }, 'features', 0],
    [{ output: x }, 'map', 0],
    [{ output: x, classes: 0 }, 'map', 0],
    [{ output: row, classes: 12, endsIn: 'classes' }, 'classes', 12],
  ] as const)('%# is said, or follows from its shape', (options, endsIn, classes) => {
    expect(functionalModel({ inputs: x, ...options })).toMatchObject({ endsIn, classes })
  })

  it.each([
    [{ output: row, endsIn: 'map' }, 'shape'],
    [{ output: x, endsIn: 'features' }, 'shape'],
    [{ output: x, endsIn: 'classes' }, 'shape'],
    [{ output: row, endsIn: 'features', classes: 12 }, 'option'],
  ] as const)('%# is refused where it is not so', (options, kind) => {
    expect(errorOf(() => functionalModel({ inputs: x, ...options })).kind).toBe(kind)
  })
})
