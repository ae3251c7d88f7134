import { createModel } from '@convzoo/core'
import { onnx } from '@convzoo/engine-onnx'
import { tfjs } from '@convzoo/engine-tfjs'
import { describeArchitecture, describeOptimizer } from '@convzoo/plugin-kit'
import { describe, expect, it } from 'vitest'
import manifest from '../package.json' with { type: 'json' }
import { adaGrad } from './adagrad.js'
import { gatedNet } from './gated-net.js'

// Convolutions 9·8 + 8, 9·8·16 + 16 and 9·16·12 + 12, dense 12·10 + 10; gates 8·8 + 8 and 16·16 + 16.
const expected = { gated: { parameters: 3_462, layers: 10 }, plain: { parameters: 3_118, layers: 8 } }

describe.each([
  { name: 'ONNX Runtime', engine: () => onnx({ device: 'cpu' }) },
  { name: 'TensorFlow.js', engine: () => tfjs({ device: 'cpu' }) },
])('on $name', ({ engine }) => {
  describeArchitecture(gatedNet, {
    manifest,
    engine,
    optimizer: adaGrad({ learningRate: 0.1 }),
    small: [8, 8, 1],
    expected,
  })
  describeOptimizer('adaGrad', { create: () => adaGrad(), engine, learningRate: 0.5 })
})

it('counts its own layer by its class', () => {
  expect(createModel(gatedNet).layers.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['channel_gate', 'channel_gate_1']),
  )
})

it.each([
  ['learningRate', 'fast', '"learningRate" of adaGrad'],
  ['epsilon', 0, '"epsilon" of adaGrad'],
  ['momentum', 0.9, 'adaGrad has no option "momentum"'],
])('refuses the option %s: %j', (name, value, said) => {
  expect(() => adaGrad({ [name]: value })).toThrow(said)
})
