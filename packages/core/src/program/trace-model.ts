import { internalError } from '../errors/index.js'
import { GraphBuilder, type Ops, opsFor, type Value } from '../graph/index.js'
import { inputType } from '../layers/input.js'
import type { CallContext, NonEmpty } from '../layers/layer.js'
import type { Model, SymbolicTensor } from '../model/index.js'

/** An output of a model in a graph. */
interface TracedOutput {
  /** [N, …]. */
  readonly output: Value
  /** What went into the softmax, where the output is one. */
  readonly logits: Value | undefined
}

/** A model's forward pass in a graph. */
export interface TracedModel extends TracedOutput {
  readonly builder: GraphBuilder
  readonly ops: Ops
  /** The auxiliary heads; none in inference. */
  readonly auxiliary: readonly (TracedOutput & { readonly lossWeight: number })[]
  /** Each weight's value by name. */
  readonly weights: ReadonlyMap<string, Value>
  /** What layers assign to their statistics, by state name. */
  readonly assigned: ReadonlyMap<string, Value>
}

export interface TraceOptions {
  readonly batchSize: number
  readonly training: boolean
  /** Whether layers draw random numbers in training; a layer that would acts as in inference otherwise. True by default. */
  readonly stochastic?: boolean
  /** The state that holds a weight's value, by the weight's name; the weight itself by default. */
  readonly stateOf?: (weight: string) => string
}

/** Traces the model's layers for one batch size. The images are the graph's input `images` [N, H, W, C]. */
export function traceModel(
  model: Model,
  { batchSize, training, stochastic = true, stateOf = (weight) => weight }: TraceOptions,
): TracedModel {
  const builder = new GraphBuilder()
  const ops = opsFor(builder)
  const weights = new Map(
    model.weights.map(({ name, shape }) => [name, builder.state(stateOf(name), { shape, dtype: 'float32' })] as const),
  )
  const assigned = new Map<string, Value>()
  const values = new Map<string, Value>()
  const heads = training ? model.auxiliary : []
  const outputs = [model.output, ...heads.map(({ output }) => output)]
  const randomInputs = training ? declareRandomInputs(builder, batchSize) : []

  for (const { name, applications, layer, weights: owned } of inDataFlowOrder(model, outputs)) {
    if (layer.type === inputType) {
      const shape = [batchSize, ...(applications[0]?.outputShape ?? [])]
      values.set(`${name}/0`, builder.input(model.inputs.length === 1 ? 'images' : name, { shape, dtype: 'float32' }))
      continue
    }
    for (const { inputs, index } of applications) {
      const [first, ...rest] = inputs.map(({ application }) =>
        tracedValue(values, `${application.owner.name}/${application.index}`),
      )
      if (first === undefined) throw internalError(`The layer ${name} has no inputs.`)
      let draws = 0
      // A layer that is applied again goes on from what it assigned, as in Keras.
      const weight = (key: string): Value => assigned.get(`${name}/${key}`) ?? tracedValue(weights, `${name}/${key}`)
      const given: NonEmpty<Value> = [first, ...rest]
      const context: CallContext = {
        ops,
        training: training && (layer.trainable || Object.keys(owned).length === 0),
        random: (sampleShape) => {
          const stream = [name, ...(index + draws === 0 ? [] : [index, draws])].join('/')
          draws++
          return builder.apply('random', randomInputs, { stream, sampleShape })
        },
        assign: (key, value) => assigned.set(`${name}/${key}`, value),
      }
      const output = layer.call(context, given, weight)
      // What drew is dropped from the graph when nothing reads it.
      const calm = draws > 0 && !stochastic ? layer.call({ ...context, training: false }, given, weight) : output
      values.set(`${name}/${index}`, calm)
    }
  }
  const traced = ({ application: { owner, index } }: SymbolicTensor): TracedOutput => {
    const output = tracedValue(values, `${owner.name}/${index}`)
    const last = builder.node(output)
    const [beforeSoftmax] = last.inputs
    const isSoftmax = last.primitive === 'softmax' && beforeSoftmax !== undefined
    return { output, logits: isSoftmax ? builder.valueOf(beforeSoftmax) : undefined }
  }
  const auxiliary = heads.map(({ output, lossWeight }) => ({ ...traced(output), lossWeight }))
  return { builder, ops, ...traced(model.output), auxiliary, weights, assigned }
}

/** What random numbers depend on, besides the layer: inputs of every training function. */
function declareRandomInputs(builder: GraphBuilder, batchSize: number): readonly Value[] {
  return [
    builder.input('seed', { shape: [2], dtype: 'uint32' }),
    builder.input('step', { shape: [], dtype: 'uint32' }),
    builder.input('sampleIndices', { shape: [batchSize], dtype: 'uint32' }),
  ]
}

/** One entry an application, so that everything it reads comes earlier. */
function inDataFlowOrder(model: Model, outputs: readonly SymbolicTensor[]): Model['layers'] {
  const done = new Set<string>()
  const ordered: Model['layers'][number][] = []
  const place = (tensor: Model['output']): void => {
    const { owner, index, inputs } = tensor.application
    const key = `${owner.name}/${index}`
    if (done.has(key)) return
    done.add(key)
    for (const input of inputs) place(input)
    const layer = model.layers.find(({ name }) => name === owner.name)
    if (layer === undefined) throw internalError(`The layer ${owner.name} is missing from its model.`)
    ordered.push({ ...layer, applications: [tensor.application] })
  }
  for (const output of outputs) place(output)
  return ordered
}

function tracedValue(values: ReadonlyMap<string, Value>, name: string): Value {
  const value = values.get(name)
  if (value === undefined) throw internalError(`The value ${name} is used before it is traced.`)
  return value
}
