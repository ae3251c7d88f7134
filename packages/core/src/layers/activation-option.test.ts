import { describe, expect, it } from 'vitest'
import { functionalModel, type SymbolicTensor } from '../model/index.js'
import { schemaOf } from '../options/index.js'
import { renderDot } from '../plot/index.js'
import { errorOf } from '../testing/error-of.js'
import { forward } from '../testing/run-program.js'
import { activationKind } from './activation-option.js'
import {
  type ActivationFunction,
  activation,
  activations,
  conv2d,
  defineActivation,
  dense,
  depthwiseConv2d,
  input,
  registerActivation,
  relu6,
  separableConv2d,
} from './index.js'

const cubed: ActivationFunction = (ops, x) => ops.multiply(ops.square(x), x)

/** What a network of one layer makes of numbers, its kernels being 1 and its biases 0. */
function ran(shape: readonly number[], layer: (x: SymbolicTensor) => SymbolicTensor, numbers: readonly number[]) {
  const images = input({ shape })
  const model = functionalModel({ inputs: images, output: layer(images) })
  const fill = (name: string) => (name.endsWith('bias') ? 0 : 1)
  const state = new Map(
    model.weights.map(({ name, shape: own }) => [name, new Array(own.reduce((a, b) => a * b, 1)).fill(fill(name))]),
  )
  return forward(model, 1, numbers, { state })
}

describe('an activation', () => {
  it.each([
    ['conv2d', conv2d({ filters: 1, kernelSize: 1, activation: cubed })],
    ['depthwiseConv2d', depthwiseConv2d({ kernelSize: 1, activation: cubed })],
    ['separableConv2d', separableConv2d({ filters: 1, kernelSize: 1, activation: cubed })],
    ['activation', activation({ function: cubed })],
  ] as const)('of %s may be a function, traced as a layer is', (_name, layer) => {
    expect(ran([1, 2, 1], layer, [-2, 3])).toEqual([-8, 27])
  })

  it('of dense may be a function', () => {
    expect(ran([1], dense({ units: 1, activation: cubed }), [3])).toEqual([27])
  })

  it('may be a name that was registered, by whatever copy of core', () => {
    const cubic = defineActivation({ name: 'cubed', call: cubed })
    registerActivation(cubic)
    registerActivation({ ...cubic })
    expect(ran([1], dense({ units: 1, activation: 'cubed' }), [3])).toEqual([27])
    expect(ran([1], activation({ function: 'cubed' }), [-1])).toEqual([-1])
  })

  it('of an unknown name is refused with the nearest, registered ones too', () => {
    registerActivation({ name: 'softquare', call: cubed })
    expect(errorOf(() => activation({ function: 'softquarre' })).message).toMatch('did you mean softquare?')
    expect(errorOf(() => dense({ units: 1, activation: 'hardSwsh' })).message).toMatch('did you mean hardSwish?')
    expect(errorOf(() => dense({ units: 1, activation: 'constructor' }))).toMatchObject({ received: '"constructor"' })
  })

  it('keeps its name: another function under it is refused', () => {
    registerActivation({ name: 'taken', call: cubed })
    const other: ActivationFunction = (_ops, x) => x
    expect(errorOf(() => registerActivation({ name: 'taken', call: other }))).toMatchObject({ kind: 'registry' })
    expect(errorOf(() => registerActivation({ name: 'relu', call: other })).message).toMatch(
      'Two functions would be the activation "relu".',
    )
    registerActivation({ name: 'relu', call: activations.relu })
  })

  it.each<[string, ActivationFunction, string]>([
    ['another shape', (ops, x) => ops.sum(x), 'float32 ()'],
    ['truths', (ops, x) => ops.greater(x, 0), 'bool (1, 2)'],
    ['nothing', () => JSON.parse('null'), 'null'],
  ])('that gives %s is an error that names layer and function', (_what, odd, received) => {
    const attempt = () => ran([2], activation({ function: odd, name: 'odd' }), [1, 2])
    expect(errorOf(attempt)).toMatchObject({ kind: 'shape', expected: 'a value (1, 2) of real numbers', received })
    expect(errorOf(attempt).message).toMatch(
      'The layer odd (activation) cannot be traced. The activation function does not keep',
    )
  })

  it('shows its name, or that of its function, in a plot', () => {
    const images = input({ shape: [2] })
    const shown = (layer: (x: SymbolicTensor) => SymbolicTensor) =>
      /\{Activation\|(\w+)\}|\{Dense\|(\w+)\}/
        .exec(renderDot(functionalModel({ inputs: images, output: layer(images) }), { showLayerActivations: true }))
        ?.slice(1)
        .join('')
    expect(shown(activation({ function: cubed }))).toBe('cubed')
    expect(shown(dense({ units: 1, activation: (_ops, x) => x }))).toBe('activation')
    expect(shown(dense({ units: 1, activation: 'gelu' }))).toBe('gelu')
  })

  it('is written as a name in JSON', () => {
    expect(schemaOf(activationKind)?.anyOf?.[0]?.enum).toEqual(Object.keys(activations))
  })
})

describe('relu6', () => {
  it('is what Keras calls ReLU', () => {
    const images = input({ shape: [4] })
    const x = relu6()(images)
    expect(x.application.owner).toMatchObject({ name: 're_lu', layer: { keras: 'ReLU' } })
    expect(ran([4], relu6(), [-1, 2, 6, 7])).toEqual([0, 2, 6, 6])
  })
})
