import { describe, expect, it } from 'vitest'
import { gradients } from '../gradients/index.js'
import { interpret } from '../graph/interpreter/interpreter.js'
import { activation, input } from '../layers/index.js'
import { functionalModel } from '../model/index.js'
import { createProgram } from '../program/index.js'
import { errorOf } from '../testing/error-of.js'
import { evaluate, given } from '../testing/evaluate.js'
import { type CategoricalCrossentropyOptions, categoricalCrossentropy } from './categorical-crossentropy.js'

interface Row {
  readonly output: readonly number[]
  readonly target: readonly number[]
}

/** The loss of one sample whose network is nothing but its last activation. */
function lossOf(
  last: 'softmax' | 'linear',
  { output, target }: Row,
  options: CategoricalCrossentropyOptions = {},
): number {
  const images = input({ shape: [output.length] })
  const model = functionalModel({ inputs: images, output: activation({ function: last })(images) })
  const program = createProgram({ model, loss: categoricalCrossentropy(options), batchSizes: { evaluate: [1] } })
  const graph = program.functions['evaluate/1']
  if (graph === undefined) throw new Error('There is no function.')
  const { outputs } = interpret(graph, { inputs: { images: output, targets: target }, precision: 'float32' })
  return outputs.losses?.data[0] ?? Number.NaN
}

describe('categoricalCrossentropy of a softmax', () => {
  it.each([
    { output: [1000, 0], target: [1, 0], loss: 0 },
    { output: [1000, 0], target: [0, 1], loss: 1000 },
    { output: [1000, 1000], target: [0, 1], loss: Math.LN2 },
    { output: [-1000, -1000, -1000, -1000], target: [0, 0, 1, 0], loss: 2 * Math.LN2 },
    { output: [1000, 0], target: [0.25, 0.75], loss: 750 },
  ])('is exact for logits $output and target $target', ({ loss, ...row }) => {
    expect(Math.abs(lossOf('softmax', row))).toBe(Math.fround(loss))
  })

  it('has the gradient softmax − target', () => {
    const gradient = evaluate(
      [given([2, 2], [0, 0, Math.log(3), 0]), given([2, 2], [1, 0, 0, 1])],
      (ops, [logits, targets], builder) => {
        if (logits === undefined || targets === undefined) throw new Error('There are no values.')
        const losses = categoricalCrossentropy().losses({ ops, output: ops.softmax(logits), logits, targets })
        return gradients(builder, ops, ops.sum(losses), [logits])[0] ?? ops.constant(Number.NaN)
      },
    )
    for (const [index, value] of [-0.5, 0.5, 0.75, -0.75].entries()) expect(gradient[index]).toBeCloseTo(value, 14)
  })
})

describe('categoricalCrossentropy of probabilities', () => {
  it('is −ln p', () => {
    expect(lossOf('linear', { output: [0.5, 0.25, 0.25], target: [0, 1, 0] })).toBe(Math.fround(2 * Math.LN2))
  })

  // What Keras gives in single precision: −ln(1 − 10⁻⁷) and −ln 10⁻⁷.
  it('is at least 1.1920930e-7 and at most 16.118096', () => {
    expect(lossOf('linear', { output: [1, 0], target: [1, 0] }).toPrecision(8)).toBe('1.1920930e-7')
    const largest = lossOf('linear', { output: [1, 0], target: [0, 1] })
    expect(Math.abs(largest - 16.118096)).toBeLessThan(2 ** -19) // the distance of neighbours there
  })

  it('divides them by their sum first', () => {
    expect(lossOf('linear', { output: [6, 2], target: [0, 1] })).toBe(Math.fround(2 * Math.LN2))
  })
})

describe('label smoothing', () => {
  // Targets [1, 0] under ε = .2 are [.9, .1]; probabilities ¾ and ¼.
  const expected = -0.9 * Math.log(0.75) - 0.1 * Math.log(0.25)

  it('mixes targets with the uniform distribution', () => {
    const smoothed = lossOf('softmax', { output: [Math.log(3), 0], target: [1, 0] }, { labelSmoothing: 0.2 })
    expect(smoothed).toBeCloseTo(expected, 6)
    expect(lossOf('linear', { output: [0.75, 0.25], target: [1, 0] }, { labelSmoothing: 0.2 })).toBeCloseTo(expected, 6)
  })

  it('of 0 changes nothing', () => {
    const row = { output: [Math.log(3), 0], target: [1, 0] }
    expect(lossOf('softmax', row, { labelSmoothing: 0 })).toBe(lossOf('softmax', row))
    expect(lossOf('softmax', row)).toBeCloseTo(-Math.log(0.75), 6)
  })

  it.each([-1, -0.1, 1, 7, Number.NaN, '0.1'])('is a part of 1, not %o', (labelSmoothing) => {
    const options: object = { labelSmoothing }
    expect(errorOf(() => categoricalCrossentropy(options))).toMatchObject({
      kind: 'option',
      sentence: 'The option "labelSmoothing" of categoricalCrossentropy has a value that cannot be used.',
      expected: 'a number of at least 0 and less than 1',
    })
  })

  it('mistyped is known by the nearest name', () => {
    const options: object = { labelSmothing: 0.1 }
    expect(errorOf(() => categoricalCrossentropy(options)).hint).toBe('did you mean labelSmoothing?')
  })
})
