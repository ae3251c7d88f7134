import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { gradients } from '../gradients/index.js'
import { interpret } from '../graph/interpreter/interpreter.js'
import { createNameScope, functionalModel } from '../model/index.js'
import { traceModel } from '../program/trace-model.js'
import * as layers from './index.js'

interface Tensor {
  readonly shape: readonly number[]
  readonly data: readonly number[]
}

/** A layer's forward and backward pass as another library computes it. */
interface ReferenceCase {
  readonly layer: string
  readonly options: Readonly<Record<string, unknown>>
  readonly training: boolean
  /** Whether it was computed in single precision. */
  readonly single: boolean
  /** With the batch axis. */
  readonly inputs: readonly Tensor[]
  readonly weights: Readonly<Record<string, Tensor>>
  readonly output: Tensor
  /** The gradient of the output, from which the others follow. */
  readonly cotangent: readonly number[]
  readonly inputGradients: readonly (readonly number[])[]
  readonly weightGradients: Readonly<Record<string, readonly number[]>>
  /** Weights that no gradient moves, after the call. */
  readonly statistics: Readonly<Record<string, readonly number[]>>
}

interface Reference {
  /** Which script and which libraries made it. */
  readonly source: string
  readonly cases: readonly ReferenceCase[]
}

const reference = (name: string): Reference =>
  JSON.parse(readFileSync(new URL(`./fixtures/${name}.json`, import.meta.url), 'utf8'))

function layerOf(type: string, options: object): layers.LayerFunction {
  const make: unknown = Object.entries(layers).find(([name]) => name === type)?.[1]
  if (typeof make !== 'function') throw new Error(`There is no layer ${type}.`)
  return make({ ...options, name: 'tested' })
}

function compute({ layer, options, training, inputs, weights, cotangent }: ReferenceCase) {
  const scope = createNameScope()
  const images = inputs.map(({ shape }) => layers.input({ shape: shape.slice(1), scope }))
  const model = functionalModel({ inputs: images, output: layerOf(layer, options)(images) })
  const traced = traceModel(model, { batchSize: inputs[0]?.shape[0] ?? 0, training })
  const { builder, ops, output } = traced
  const names = images.map(({ application }) => (images.length === 1 ? 'images' : application.owner.name))
  const given = names.map((name, index) => builder.input(name, { shape: inputs[index]?.shape ?? [], dtype: 'float32' }))
  const trainable = model.weights.filter((weight) => weight.trainable)
  const sources = [...given, ...trainable.flatMap(({ name }) => traced.weights.get(name) ?? [])]
  const target = ops.sum(ops.multiply(output, builder.input('cotangent', output)))
  builder.output('output', output)
  gradients(builder, ops, target, sources).forEach((gradient, index) => {
    if (gradient === undefined) throw new Error(`Nothing flows to source ${index}.`)
    builder.output(`gradient ${index}`, gradient)
  })
  for (const [name, value] of traced.assigned) builder.output(name, value)
  const { outputs } = interpret(builder.finish('tested'), {
    inputs: {
      ...Object.fromEntries(names.map((name, index) => [name, inputs[index]?.data ?? []])),
      cotangent,
      seed: [0, 0],
      step: [0],
      sampleIndices: Array.from({ length: inputs[0]?.shape[0] ?? 0 }, (_, index) => index),
    },
    state: new Map(Object.entries(weights).map(([key, { data }]) => [`tested/${key}`, data])),
  })
  return {
    keys: Object.fromEntries(model.weights.map(({ key, shape }) => [key, shape])),
    output: outputs.output,
    inputGradients: given.map((_, index) => outputs[`gradient ${index}`]),
    weightGradients: trainable.map(({ key }, index) => [key, outputs[`gradient ${given.length + index}`]] as const),
    statistics: new Map([...traced.assigned.keys()].map((name) => [name, outputs[name]])),
  }
}

/** As a part of the largest number. References hold ten digits, of which single precision knows six or seven. */
function expectClose(
  got: { readonly data: ArrayLike<number> } | undefined,
  wanted: readonly number[] | undefined,
  single: boolean,
): void {
  if (got === undefined || wanted === undefined) throw new Error('There is nothing to compare.')
  expect(got.data.length).toBe(wanted.length)
  const largest = Math.max(...wanted.map(Math.abs))
  const worst = Math.max(...wanted.map((value, index) => Math.abs(value - (got.data[index] ?? Number.NaN))))
  expect(worst).toBeLessThan((single ? 2e-6 : 1e-9) * largest)
}

describe.each(['keras', 'pytorch'])('layers as %s computes them', (name) => {
  const { cases } = reference(name)

  it.each(cases.map((each, index) => ({ ...each, index })))('$index: $layer $options', (each) => {
    const computed = compute(each)
    expect(computed.keys).toEqual(
      Object.fromEntries(Object.entries(each.weights).map(([key, { shape }]) => [key, shape])),
    )
    expect(Object.keys(computed.keys)).toEqual(Object.keys(each.weights))
    expect(computed.output?.shape).toEqual(each.output.shape)
    expectClose(computed.output, each.output.data, each.single)
    each.inputGradients.forEach((gradient, index) => {
      expectClose(computed.inputGradients[index], gradient, each.single)
    })
    expect(computed.weightGradients.map(([key]) => key)).toEqual(Object.keys(each.weightGradients))
    for (const [key, gradient] of computed.weightGradients)
      expectClose(gradient, each.weightGradients[key], each.single)
    for (const [key, values] of Object.entries(each.statistics)) {
      const moved = computed.statistics.get(`tested/${key}`)
      if (each.training) expectClose(moved, values, each.single)
      else expect([moved, each.weights[key]?.data]).toEqual([undefined, values])
    }
  })
})
