import { categoricalCrossentropy, type Model, submodel } from '@convzoo/core'
import { internalError, type Ops, type Value } from '@convzoo/core/define'
import { createProgram, functionName, type Graph, GraphBuilder, opsFor } from '@convzoo/core/engine'
import { replay, valueAt } from './replay.js'

/** The forward pass of a network, in a graph that more can be added to. */
export interface TracedNetwork {
  readonly builder: GraphBuilder
  readonly ops: Ops
  /** [N, H, W, C], preprocessed. */
  readonly images: Value
  /** What the network ends in: probabilities [N, classes], or features. */
  readonly output: Value
  /** What goes into the softmax, where it ends in one; else the output. */
  readonly scores: Value
  /** What a layer gives: [N, h, w, c] or [N, units]. */
  readonly layer: (name: string) => Value
}

/** The graph of a network's prediction, as every engine runs it. */
export function predictionOf(model: Model, batchSize: number): Graph {
  const { functions } = createProgram({
    model,
    loss: categoricalCrossentropy(),
    batchSizes: { predict: [batchSize] },
  })
  const graph = functions[functionName('predict', batchSize)]
  if (graph === undefined) throw internalError('A network has no prediction.')
  return graph
}

/** Traces a network in inference: dropout passes, statistics stand. */
export function traceNetwork(model: Model, batchSize: number): TracedNetwork {
  const builder = new GraphBuilder()
  const output = resultOf(builder, predictionOf(model, batchSize))
  const { primitive, inputs } = builder.node(output)
  const [before] = inputs
  const type = { shape: [batchSize, ...(model.inputs[0]?.shape ?? [])], dtype: 'float32' } as const
  return {
    builder,
    ops: opsFor(builder),
    images: builder.input('images', type),
    output,
    scores: primitive === 'softmax' && before !== undefined ? builder.valueOf(before) : output,
    // The part that ends in the layer is there already, and is found.
    layer: (name) => resultOf(builder, predictionOf(submodel(model, name), batchSize)),
  }
}

function resultOf(builder: GraphBuilder, graph: Graph): Value {
  const values = replay(builder, graph)
  const [result] = graph.outputs
  if (result === undefined) throw internalError('A prediction has no output.')
  return valueAt(values, result.value)
}
