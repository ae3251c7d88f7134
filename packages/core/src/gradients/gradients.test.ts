import { describe, expect, it } from 'vitest'
import { ConvzooError } from '../errors/index.js'
import { type Ops, type PrimitiveName, primitives, type Value } from '../graph/index.js'
import { noBorder, sizeOf } from '../shape.js'
import { evaluate, given, randomNumbers, trace } from '../testing/evaluate.js'
import { type GradientCase, gradientCases } from '../testing/gradient-cases.js'
import { gradients } from './gradients.js'

/** Primitives without a gradient: those without inputs, those that jump, and those that nothing differentiates again. */
const withoutGradient: Readonly<Record<string, string>> = {
  input: 'has no inputs',
  state: 'has no inputs',
  constant: 'has no inputs',
  random: 'depends on whole numbers alone',
  equal: 'jumps',
  greater: 'jumps',
  greaterOrEqual: 'jumps',
  isFinite: 'jumps',
  and: 'jumps',
  not: 'jumps',
  maxPool2dGradient: 'is linear in dy but is never differentiated again',
  localResponseNormalizationGradient: 'is never differentiated again',
}

const difference = 1e-5

/** Numbers no two of which are near each other or near 0, so that no difference crosses a kink. */
function apart(name: string, count: number): number[] {
  const order = [...randomNumbers(name, count).keys()]
  const keys = randomNumbers(name, count)
  order.sort((a, b) => (keys[a] ?? 0) - (keys[b] ?? 0))
  const numbers = new Array<number>(count)
  for (const [rank, place] of order.entries()) numbers[place] = ((rank + 0.7) / count) * 4 - 2
  return numbers
}

function inputsOf({ title, shapes, range = [-2, 2], kinks = false }: GradientCase): number[][] {
  const sizes = shapes.map(sizeOf)
  const total = sizes.reduce((sum, size) => sum + size, 0)
  const all = kinks ? apart(title, total) : [...randomNumbers(title, total, ...range)]
  return sizes.map((size) => all.splice(0, size))
}

/** Σ y·r with fixed numbers r, so that every element of y counts and none like another. */
function weighed(ops: Ops, y: Value, weights: Value): Value {
  return ops.sum(ops.multiply(y, weights))
}

function compare(testCase: GradientCase): void {
  const { title, shapes, apply } = testCase
  const inputs = inputsOf(testCase)
  const types = shapes.map((shape) => ({ shape }))
  const [y] = trace(types, apply).run(inputs)
  if (y === undefined) throw new Error('The function gave nothing.')
  const weights = [...randomNumbers(`${title} weights`, y.data.length, 0.5, 1.5)]
  const withWeights = [...types, { shape: y.shape }]

  const loss = trace(withWeights, (ops, values) => weighed(ops, apply(ops, values), last(values)))
  const derived = trace(withWeights, (ops, values, builder) => {
    const sources = values.slice(0, -1)
    const target = weighed(ops, apply(ops, sources), last(values))
    return gradients(builder, ops, target, sources).map((gradient, index) => {
      if (gradient === undefined) throw new Error(`Nothing flows to input ${index}.`)
      return gradient
    })
  }).run([...inputs, weights])

  const lossAt = (changed: readonly number[][]): number => loss.run([...changed, weights])[0]?.data[0] ?? Number.NaN
  for (const [index, values] of inputs.entries()) {
    const gradient = derived[index]
    expect(gradient?.shape, `shape of the gradient of input ${index}`).toEqual(shapes[index])
    const expected = values.map((value, place) => {
      const moved = (by: number) => lossAt(inputs.with(index, values.with(place, value + by)))
      return (moved(difference) - moved(-difference)) / (2 * difference)
    })
    const largest = Math.max(...expected.map(Math.abs))
    expect(largest, `input ${index} matters`).toBeGreaterThan(1e-3)
    const worst = Math.max(...expected.map((value, place) => Math.abs(value - (gradient?.data[place] ?? Number.NaN))))
    expect(worst / largest, `input ${index}`).toBeLessThan(1e-6)
  }
}

const last = (values: readonly Value[]): Value => {
  const found = values.at(-1)
  if (found === undefined) throw new Error('There are no values.')
  return found
}

describe('gradients against central differences in double precision', () => {
  const names = Object.keys(primitives) as PrimitiveName[]

  it.each(names)('%s has cases, or has no gradient for a reason', (name) => {
    const cases = gradientCases[name] ?? []
    if (name in withoutGradient) expect(cases).toEqual([])
    else expect(cases.length).toBeGreaterThan(0)
  })

  for (const name of names) {
    for (const testCase of gradientCases[name] ?? []) {
      it(`${name}: ${testCase.title}`, () => {
        const { graph } = trace(
          testCase.shapes.map((shape) => ({ shape })),
          testCase.apply,
        )
        expect(graph.nodes.map(({ primitive }) => primitive)).toContain(name)
        compare(testCase)
      })
    }
  }

  it.each([
    {
      title: 'adds up what flows through every use of a value',
      apply: (ops: Ops, [x]: readonly Value[]) => usedThrice(ops, x),
    },
    {
      title: 'goes through a chain of many layers',
      apply: (ops: Ops, [x]: readonly Value[]) => ops.logSoftmax(ops.tanh(ops.multiply(usedThrice(ops, x), 0.3))),
    },
  ])('$title', ({ title, apply }) => {
    compare({ title, shapes: [[2, 3]], apply })
  })
})

function usedThrice(ops: Ops, x: Value | undefined): Value {
  if (x === undefined) throw new Error('There is no value.')
  return ops.add(ops.multiply(ops.square(x), ops.exp(x)), ops.divide(x, 3))
}

describe('gradients', () => {
  const gradientOf = (data: readonly number[], apply: (ops: Ops, x: Value) => Value): number[] =>
    evaluate([given([data.length], data)], (ops, [x], builder) => {
      if (x === undefined) throw new Error('There is no value.')
      const [gradient] = gradients(builder, ops, apply(ops, x), [x])
      return gradient ?? ops.constant(Number.NaN)
    })

  it('of relu at 0 is 0', () => {
    expect(gradientOf([-1, 0, 2], (ops, x) => ops.relu(x))).toEqual([0, 0, 1])
  })

  it('of a target that is not a scalar are those of its sum', () => {
    expect(gradientOf([2, 3], (ops, x) => ops.square(x))).toEqual([4, 6])
  })

  it('of a power are finite where the base is 0', () => {
    expect(gradientOf([0, 3], (ops, x) => ops.power(x, 2))).toEqual([0, 6])
    expect(gradientOf([2], (ops, x) => ops.power(ops.constant(0), x))).toEqual([0])
  })

  it.each(['maximum', 'minimum'] as const)('of %s go to the first value where both are equal', (name) => {
    const both = trace([{ shape: [3] }, { shape: [3] }], (ops, [a, b], builder) => {
      if (a === undefined || b === undefined) throw new Error('There are no values.')
      return gradients(builder, ops, ops[name](a, b), [a, b]).map((gradient) => gradient ?? ops.constant(Number.NaN))
    })
    const [a, b] = both.run([
      [1, 5, 5],
      [5, 1, 5],
    ])
    const larger = [0, 1, 1]
    const smaller = [1, 0, 1]
    const first = name === 'maximum' ? larger : smaller
    expect([...(a?.data ?? [])]).toEqual(first)
    expect([...(b?.data ?? [])]).toEqual(first.map((part) => 1 - part))
  })

  // tf.GradientTape over tf.reduce_max([1., 3., 3.]) gives [0., .5, .5].
  it('of max are shared equally by equal largest values', () => {
    expect(gradientOf([1, 3, 3], (ops, x) => ops.max(x))).toEqual([0, 0.5, 0.5])
    expect(gradientOf([1, 3, 2], (ops, x) => ops.max(x))).toEqual([0, 1, 0])
  })

  it('are absent for a source on which the target does not depend', () => {
    trace([{ shape: [2] }, { shape: [2] }], (ops, [x, y], builder) => {
      if (x === undefined || y === undefined) throw new Error('There are no values.')
      const [toX, toY] = gradients(builder, ops, ops.sum(ops.square(x)), [x, y])
      expect(toX?.shape).toEqual([2])
      expect(toY).toBeUndefined()
      return ops.constant(0)
    })
  })

  it('do not flow through the condition of a select', () => {
    // max(x, 1) written with a comparison: its value depends on x through `greater`, its gradient does not.
    expect(gradientOf([0, 3], (ops, x) => ops.select(ops.greater(x, 1), x, 1))).toEqual([0, 1])
  })

  it('refuse a way through a primitive that has none, and name it', () => {
    const attempt = () =>
      gradientOf([1, 2], (ops, x) => {
        const image = ops.reshape(x, [1, 2, 1, 1])
        const pooling = { size: [1, 1], strides: [1, 1], padding: noBorder } as const
        return ops.maxPool2dGradient(image, image, pooling)
      })
    expect(attempt).toThrow(/primitive maxPool2dGradient, which has no gradient/)
    try {
      attempt()
    } catch (error) {
      expect(ConvzooError.isInstance(error) && error.kind).toBe('internal')
    }
  })
})
