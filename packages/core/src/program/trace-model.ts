import { ConvzooError, internalError } from '../errors/index.js'
import { GraphBuilder, type Ops, opsFor, type Value } from '../graph/index.js'
import type { CallContext, NonEmpty } from '../layers/contract.js'
import { inputType } from '../layers/input.js'
import type { Application, Model, SymbolicTensor } from '../model/index.js'
import { requireValue, tracing } from './traced-value.js'

/** An output of a model in a graph. */
export interface TracedOutput {
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

/**
 * Traces the model's layers for one batch size. The images are the graph's input `images` [N, H, W, C].
 *
 * @throws ConvzooError of kind `shape` that names the layer, if one does not give what its `outputShape` says, or assigns what its
 * weights do not take.
 */
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
    for (const application of applications) {
      const { inputs, index } = application
      const [first, ...rest] = inputs.map(({ application: source }) =>
        tracedValue(values, `${source.owner.name}/${source.index}`),
      )
      if (first === undefined) throw internalError(`The layer ${name} has no inputs.`)
      let draws = 0
      // A layer that is applied again goes on from what it assigned, as in Keras.
      const weight = (key: string): Value => assigned.get(`${name}/${key}`) ?? tracedValue(weights, `${name}/${key}`)
      const given: NonEmpty<Value> = [first, ...rest]
      const learns = training && (layer.trainable || Object.keys(owned).length === 0)
      const context = (now: boolean): CallContext => ({
        ops,
        training: now,
        random: (sampleShape) => {
          if (!now) throw onlyInTraining(application, 'draws random numbers')
          const stream = [name, ...(index + draws === 0 ? [] : [index, draws])].join('/')
          draws++
          return builder.apply('random', randomInputs, { stream, sampleShape })
        },
        assign: (key, value) => {
          if (!now) throw onlyInTraining(application, `assigns to its weight "${key}"`)
          assigned.set(`${name}/${key}`, assignable(application, key, value, builder))
        },
      })
      const call = (now: boolean): Value =>
        requireValue(
          tracing(layerOf(application), () => layer.call(context(now), given, weight)),
          {
            builder,
            shape: [batchSize, ...application.outputShape],
            samples: batchSize,
            fault: {
              message: `The ${layerOf(application)} does not give what its outputShape says, ${now ? 'in training' : 'in inference'}.`,
              hint: 'let call return one value [N, …outputShape] of real numbers, whatever N is',
            },
          },
        )
      builder.scope = `forward ${name}`
      const output = call(learns)
      // What drew is dropped from the graph when nothing reads it.
      values.set(`${name}/${index}`, draws > 0 && !stochastic ? call(false) : output)
    }
  }
  builder.scope = undefined
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

/** A layer as a message names it: `layer gate_1 (channelGate)`. */
const layerOf = ({ owner }: Application): string => `layer ${owner.name} (${owner.layer.type})`

function onlyInTraining(application: Application, what: string): ConvzooError {
  return new ConvzooError({
    kind: 'option',
    message: `The ${layerOf(application)} ${what} in inference.`,
    expected: 'a call that does so only where its context says `training: true`',
    received: 'training: false',
  })
}

/** A new value for a statistic of the layer. */
function assignable(application: Application, key: string, value: unknown, builder: GraphBuilder): Value {
  const { weights } = application.owner
  const declared = Object.hasOwn(weights, key) ? weights[key] : undefined
  if (declared?.trainable === false) {
    return requireValue(value, {
      builder,
      shape: declared.shape,
      fault: { message: `The ${layerOf(application)} assigns to its weight "${key}" what does not fit it.` },
    })
  }
  const statistics = Object.keys(weights).filter((name) => weights[name]?.trainable === false)
  throw new ConvzooError({
    kind: 'option',
    message: `The ${layerOf(application)} assigns to ${declared === undefined ? 'a weight that it does not have' : 'a weight that training moves'}.`,
    expected:
      statistics.length === 0 ? 'a weight that is declared with trainable: false' : `one of ${statistics.join(', ')}`,
    received: key,
  })
}
