import type { Graph, PrimitiveName } from '@convzoo/core/engine'
import { Boundary, inputTensor } from './lowering/boundary.js'
import { Emitter, type NodeAt, type Target } from './lowering/emitter.js'
import { joinPrimitives } from './lowering/join.js'
import type { Layout } from './lowering/layout.js'
import { isSource, lowerNode } from './lowering/lowerings.js'
import type { OpenBatch } from './lowering/open-batch.js'
import { isSwallowed, patterns } from './lowering/patterns.js'
import type { ModelWriter } from './model-writer.js'
import type { OnnxFunction, Port } from './onnx-function.js'

/** What crosses the boundary of a graph that was lowered. */
export interface Crossing extends Omit<OnnxFunction, 'name' | 'model' | 'guard'> {
  readonly guard: Port | undefined
}

interface LoweringParts {
  readonly writer: ModelWriter
  readonly target: Target
  readonly ownOperators?: boolean
  readonly layout?: Layout
  readonly scopes?: boolean
  readonly open: OpenBatch
}

/** Writes a graph's operators; its inputs and outputs are not declared yet. */
export function lowerGraph(
  graph: Graph,
  { writer, target, ownOperators = false, layout = 'channelsFirst', scopes = false, open }: LoweringParts,
): Crossing {
  const boundary = new Boundary()
  const how = { writer, boundary, target, ownOperators, layout, scopes, open, lower: lowerByPattern }
  const emitter = new Emitter(graph, how)

  const joined = ownOperators ? joinPrimitives(emitter) : new Set<number>()
  emitter.emitAhead(
    (node) =>
      !joined.has(node.id) && !isSource(node.primitive) && !(isSwallowed(emitter, node) && emitter.usedOnce(node)),
  )
  const assignments = graph.assignments.map(({ state, value }) => leave(emitter, `assign ${state}`, state, value))
  const outputs = graph.outputs.map(({ name, value }) => leave(emitter, `output ${name}`, name, value))
  const guard = graph.guard === undefined ? undefined : leave(emitter, 'guard', 'guard', graph.guard)

  const inputs = graph.inputs.map(({ name, shape, dtype }): Port => ({ name, tensor: inputTensor(name), shape, dtype }))
  const fed = inputs.filter(({ name }) => boundary.inputs.has(name)).map(({ name }) => name)
  const states = [...boundary.states.values()]
  const randoms = [...boundary.randoms.values()]
  const { operators } = emitter
  return { inputs, fed, states, randoms, outputs, assignments, guard, operators, givesConstants: givesConstants(graph) }
}

/** Whether some of what leaves a graph is made of constants alone. */
function givesConstants({ nodes, outputs, assignments, guard }: Graph): boolean {
  const outer: ReadonlySet<PrimitiveName> = new Set(['input', 'state', 'random'])
  const depends: boolean[] = []
  for (const { primitive, inputs } of nodes) {
    depends.push(outer.has(primitive) || inputs.some((id) => depends[id] === true))
  }
  const leaving = [...outputs, ...assignments].map(({ value }) => value)
  return [...leaving, ...(guard === undefined ? [] : [guard])].some((id) => depends[id] !== true)
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
