import { boolean, defineOptions, oneOf, optional, requireArguments, text } from '@convzoo/core/define'
import { type Graph, graphKind } from '@convzoo/core/engine'
import { lowerGraph } from './lower-graph.js'
import { type Target, targets } from './lowering/emitter.js'
import { type Layout, layouts } from './lowering/layout.js'
import { OpenBatch } from './lowering/open-batch.js'
import { ModelWriter } from './model-writer.js'
import type { OnnxFunction } from './onnx-function.js'

export interface ToOnnxOptions {
  /**
   * Gives the model an output of this name before all others, which holds a sequence of one scalar and no tensor. For a runtime that is to
   * give up before it copies the outputs that follow.
   */
  readonly sequence?: string | undefined
  /**
   * What the model is to be fast on: `cpu` by default. For a `gpu` convolutions and their gradients are left to its library as they are,
   * where for a CPU they become matrix products where that costs less.
   */
  readonly target?: Target | undefined
  /** Whether the model may have operators that ONNX has not, of `operators` of the result; not by default. */
  readonly ownOperators?: boolean | undefined
  /** How images lie for those of these operators that take either: `channelsFirst` by default. Tensor cores want channels last. */
  readonly layout?: Layout | undefined
  /** Whether the name of an operator says what it is for, such as `Conv_2 <forward conv2d>`, for whoever reads a profile; not by default. */
  readonly scopes?: boolean | undefined
}

const options = defineOptions({
  sequence: optional(text),
  target: optional(oneOf(...targets), 'cpu'),
  ownOperators: optional(boolean, false),
  layout: optional(oneOf(...layouts), 'channelsFirst'),
  scopes: optional(boolean, false),
})

/**
 * A graph as an ONNX model of standard operators (opset 20) unless others are allowed, with the names under which its tensors go in and out. The same graph gives the
 * same bytes.
 *
 * State and random numbers are inputs of the model, assignments outputs: whoever runs it keeps the one and has core draw the other.
 *
 * @throws ConvzooError of kind `option` for what is no graph, or an unknown option.
 * @example
 * const { functions } = createProgram({ model, loss, batchSizes: { predict: [1] } })
 * for (const graph of Object.values(functions)) await writeFile('predict.onnx', toOnnx(graph).model)
 */
export function toOnnx(graph: Graph, given: ToOnnxOptions = {}): OnnxFunction {
  requireArguments('toOnnx', { graph: [graphKind, graph] })
  const { sequence, target, ownOperators, layout, scopes } = options.parse('toOnnx', given)
  const writer = new ModelWriter()
  const { guard, ...crossing } = lowerGraph(graph, {
    writer,
    target,
    ownOperators,
    layout,
    scopes,
    open: new OpenBatch(graph, undefined),
  })
  const { inputs, fed, states, randoms, outputs, assignments } = crossing
  const taken = inputs.filter(({ name }) => fed.includes(name))
  for (const { tensor, shape, dtype } of [...taken, ...states, ...randoms]) writer.input(tensor, shape, dtype)
  if (sequence !== undefined) addSequence(writer, sequence)
  for (const { tensor, shape, dtype } of [...assignments, ...outputs, ...(guard === undefined ? [] : [guard])]) {
    writer.output(tensor, shape, dtype)
  }
  return { name: graph.name, model: writer.finish(graph.name), ...crossing, guard: guard?.tensor }
}

function addSequence(writer: ModelWriter, name: string): void {
  writer.rename(writer.node('SequenceConstruct', [writer.floats([0], [])]), name)
  writer.sequenceOutput(name)
}
