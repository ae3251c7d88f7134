import { defineOptions, oneOf, optional, requireArguments, text } from '@convzoo/core/define'
import { type Graph, graphKind } from '@convzoo/core/engine'
import { Boundary, inputTensor } from './lowering/boundary.js'
import { Emitter, type NodeAt, type Target, targets } from './lowering/emitter.js'
import { isSource, lowerNode } from './lowering/lowerings.js'
import { patterns, swallowed } from './lowering/patterns.js'
import { ModelWriter } from './model-writer.js'
import type { OnnxFunction, Port } from './onnx-function.js'

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
}

const options = defineOptions({ sequence: optional(text), target: optional(oneOf(...targets), 'cpu') })

/**
 * A graph as an ONNX model of standard operators (opset 20), with the names under which its tensors go in and out. The same graph gives the
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
  const { sequence, target } = options.parse('toOnnx', given)
  const writer = new ModelWriter()
  const boundary = new Boundary()
  const emitter = new Emitter(graph, { writer, boundary, target, lower: lowerByPattern })

  emitter.emitAhead((node) => !isSource(node.primitive) && !(swallowed.has(node.primitive) && emitter.usedOnce(node)))
  const assignments = graph.assignments.map(({ state, value }) => leave(emitter, `assign ${state}`, state, value))
  const outputs = graph.outputs.map(({ name, value }) => leave(emitter, `output ${name}`, name, value))
  const guard = graph.guard === undefined ? undefined : leave(emitter, 'guard', 'guard', graph.guard)

  const inputs = graph.inputs.map(({ name, shape, dtype }): Port => ({ name, tensor: inputTensor(name), shape, dtype }))
  const fed = inputs.filter(({ name }) => boundary.inputs.has(name))
  const states = [...boundary.states.values()]
  const randoms = [...boundary.randoms.values()]
  for (const { tensor, shape, dtype } of [...fed, ...states, ...randoms]) writer.input(tensor, shape, dtype)
  if (sequence !== undefined) addSequence(writer, sequence)
  for (const { tensor, shape, dtype } of [...assignments, ...outputs, ...(guard === undefined ? [] : [guard])]) {
    writer.output(tensor, shape, dtype)
  }
  return {
    name: graph.name,
    model: writer.finish(graph.name),
    inputs,
    fed: fed.map(({ name }) => name),
    states,
    randoms,
    outputs,
    assignments,
    guard: guard?.tensor,
  }
}

/** By the first pattern that applies, else alone. */
function lowerByPattern(emitter: Emitter, node: NodeAt) {
  for (const pattern of patterns) {
    const emitted = pattern(emitter, node)
    if (emitted !== undefined) return emitted
  }
  return lowerNode(emitter, node.primitive, node)
}

/** Gives a value the name under which it leaves the model. Naming the operator's own output saves a copy. */
function leave(emitter: Emitter, tensor: string, name: string, id: number): Port {
  const { shape, dtype } = emitter.node(id)
  emitter.leave(id, tensor)
  return { name, tensor, shape, dtype }
}

function addSequence(writer: ModelWriter, name: string): void {
  writer.rename(writer.node('SequenceConstruct', [writer.floats([0], [])]), name)
  writer.sequenceOutput(name)
}
