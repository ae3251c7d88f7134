import { createNameScope, input, type LayerFunction, type Shape, type SymbolicTensor } from '@convzoo/core'
import { sizeOf, type Value } from '@convzoo/core/define'
import { GraphBuilder, initialize, opsFor } from '@convzoo/core/engine'
import { numbers } from './numbers.js'

/** A layer on inputs of these shapes, without the batch axis. */
export function applied(layer: LayerFunction, shapes: readonly Shape[]): SymbolicTensor {
  const scope = createNameScope()
  const [first, ...others] = shapes.map((shape) => input({ shape, scope }))
  if (first === undefined) throw new Error('A layer takes at least one input.')
  return layer(others.length === 0 ? first : [first, ...others])
}

export interface TraceOptions {
  readonly samples: number
  readonly training: boolean
  /** What inputs are drawn from. */
  readonly range: readonly [number, number]
}

/** One application of a layer in a graph of its own: its weights, its inputs and what it draws are inputs of the graph. */
export interface LayerTrace {
  readonly builder: GraphBuilder
  readonly ops: ReturnType<typeof opsFor>
  readonly output: Value
  readonly inputs: Readonly<Record<string, Value>>
  /** The trainable ones. */
  readonly weights: Readonly<Record<string, Value>>
  /** Numbers for all inputs of the graph, of as many samples. */
  readonly given: Readonly<Record<string, Float32Array>>
  /** Which inputs of the graph have a row for each sample. */
  readonly bySample: readonly string[]
}

export function traceLayer({ application }: SymbolicTensor, { samples, training, range }: TraceOptions): LayerTrace {
  const { owner } = application
  const builder = new GraphBuilder()
  const ops = opsFor(builder)
  const given: Record<string, Float32Array> = {}
  const bySample: string[] = []
  const perSample = (name: string, shape: Shape, [from, to]: readonly [number, number]): Value => {
    given[name] = numbers(name, samples * sizeOf(shape), from, to)
    bySample.push(name)
    return builder.input(name, { shape: [samples, ...shape], dtype: 'float32' })
  }
  const inputs: Record<string, Value> = {}
  application.inputs.forEach(({ shape }, index) => {
    inputs[`input ${index}`] = perSample(`input ${index}`, shape, range)
  })
  const values: Record<string, Value> = {}
  const weights: Record<string, Value> = {}
  for (const [name, { shape, initializer, trainable }] of Object.entries(owner.weights)) {
    const full = `weight ${name}`
    const value = builder.input(full, { shape, dtype: 'float32' })
    // Beside where it starts: a gain of exactly 1 hides what multiplies by it.
    const noise = numbers(full, sizeOf(shape), 0.05, 0.15)
    given[full] = initialize(initializer, shape, 1, name).map((start, index) => start + (noise[index] ?? 0))
    values[name] = value
    if (trainable) weights[full] = value
  }
  let drawn = 0
  const [first, ...others] = Object.values(inputs)
  if (first === undefined) throw new Error('A layer takes at least one input.')
  const output = owner.layer.call(
    {
      ops,
      training,
      random: (shape) => {
        if (!training) throw new Error('The layer draws random numbers, which it may in training only.')
        return perSample(`random ${drawn++}`, shape, [0, 1])
      },
      assign: () => {
        if (!training) throw new Error('The layer assigns a statistic, which it may in training only.')
      },
    },
    [first, ...others],
    (name) => {
      const value = values[name]
      if (value === undefined) throw new Error(`The layer reads the weight ${name}, which it does not declare.`)
      return value
    },
  )
  return { builder, ops, output, inputs, weights, given, bySample }
}
