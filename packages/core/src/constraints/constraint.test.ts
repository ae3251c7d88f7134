import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { conv2d, dense, input } from '../layers/index.js'
import { functionalModel } from '../model/index.js'
import type { Shape } from '../shape.js'
import { errorOf } from '../testing/error-of.js'
import { evaluate, given } from '../testing/evaluate.js'
import { type Constraint, constrain, maxNorm, maxRms, unitNorm } from './index.js'

interface Published {
  readonly cases: readonly {
    readonly constraint: Constraint
    readonly shape: Shape
    readonly kernel: readonly number[]
    readonly expected: readonly number[]
  }[]
}

// What `bench/reference/constraints.py` writes.
const { cases }: Published = JSON.parse(readFileSync(new URL('./fixtures/constraints.json', import.meta.url), 'utf8'))

const constrained = (shape: Shape, kernel: readonly number[], constraint: Constraint): number[] =>
  evaluate([given(shape, kernel)], (ops, [weight]) => constrain(ops, weight ?? ops.constant(Number.NaN), constraint))

describe('constrain', () => {
  it.each(cases)('gives $constraint.type of a kernel of $shape as Keras or its paper', (each) => {
    const received = constrained(each.shape, each.kernel, each.constraint)
    expect(each.expected.some((x, index) => Math.abs(x - (each.kernel[index] ?? 0)) > 0.1)).toBe(true)
    each.expected.forEach((x, index) => {
      expect(Math.abs((received[index] ?? Number.NaN) - x)).toBeLessThan(1e-6)
    })
  })

  it('looks at each filter on its own: [kh, kw, in] of a convolution, [in] of a dense layer', () => {
    // Two filters, interleaved: [3, 4] has norm 5, [0.3, 0.4] has norm 0.5.
    expect(constrained([2, 2], [3, 0.3, 4, 0.4], maxNorm(2.5))).toEqual([1.5, 0.3, 2, 0.4])
    expect(constrained([1, 2, 1, 2], [3, 0.3, 4, 0.4], maxNorm(2.5))).toEqual([1.5, 0.3, 2, 0.4])
  })

  it('leaves a filter within the bound as it is, and one of zeros', () => {
    expect(constrained([2, 1], [0.1, -0.1], maxRms(0.1))).toEqual([0.1, -0.1])
    for (const constraint of [maxNorm(1), unitNorm, maxRms(0.1)]) {
      expect(constrained([2, 1], [0, 0], constraint)).toEqual([0, 0])
    }
  })
})

describe('the option kernelConstraint', () => {
  const x = input({ shape: [4, 4, 1] })

  it('goes with the kernel, not with the bias', () => {
    const model = functionalModel({
      inputs: x,
      output: conv2d({ filters: 2, kernelSize: 4, kernelConstraint: maxRms(0.1) })(x),
    })
    expect(model.weights.map(({ key, constraint }) => [key, constraint])).toEqual([
      ['kernel', { type: 'maxRms', maximum: 0.1 }],
      ['bias', undefined],
    ])
  })

  it.each([
    'unitNorm',
    null,
    { type: 'minNorm', maximum: 1 },
    { type: 'maxNorm' },
    { type: 'maxNorm', maximum: 0 },
    { type: 'maxRms', maximum: Number.POSITIVE_INFINITY },
    { type: 'unitNorm', maximum: 1 },
    { type: 'maxNorm', maximum: 1, axis: 0 },
  ])('refuses %j', (kernelConstraint) => {
    const options: object = { units: 1, kernelConstraint }
    expect(errorOf(() => dense(options as Parameters<typeof dense>[0])).message).toMatch(
      'The option "kernelConstraint" of layer dense has a value that cannot be used.',
    )
  })

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY, '3'])('refuses the bound %o', (maximum) => {
    for (const [name, make] of Object.entries({ maxNorm, maxRms })) {
      expect(errorOf(() => make(maximum as number)).sentence).toBe(
        `The option "maximum" of constraint ${name} has a value that cannot be used.`,
      )
    }
  })
})
