import { internalError, sameShape, type Value } from '@convzoo/core/define'
import type { Graph, GraphBuilder, GraphNode, PrimitiveName } from '@convzoo/core/engine'

/** What the inputs of a graph are in another one, by name; those that are not among them become inputs there. */
export type Known = Readonly<Record<string, Value>>

/**
 * Builds a finished graph once more in a builder. What that holds already is found there: the same primitive on the same values is kept once.
 *
 * @returns The values of its nodes, by their places.
 */
export function replay(builder: GraphBuilder, { nodes }: Pick<Graph, 'nodes'>, known: Known = {}): readonly Value[] {
  const values: Value[] = []
  for (const node of nodes) {
    const inputs = node.inputs.map((id) => valueAt(values, id))
    values.push(replayed(builder, node, inputs, known))
  }
  return values
}

function replayed(builder: GraphBuilder, node: GraphNode, inputs: readonly Value[], known: Known): Value {
  if (node.primitive === 'multiply') return timesOne(builder, inputs) ?? applied(builder, node, inputs)
  if (node.primitive !== 'input') return applied(builder, node, inputs)
  const { name, type } = node.attributes
  return (Object.hasOwn(known, name) ? known[name] : undefined) ?? builder.input(name, type)
}

/** What is left of a product of which one factor is nothing but ones, as gradients begin with. */
function timesOne(builder: GraphBuilder, [a, b]: readonly Value[]): Value | undefined {
  if (a === undefined || b === undefined || !sameShape(a.shape, b.shape)) return undefined
  const isOne = (value: Value): boolean => {
    const { primitive, attributes } = builder.node(value)
    return primitive === 'constant' && attributes.value === 1
  }
  return isOne(a) ? b : isOne(b) ? a : undefined
}

/** The primitive of a node on other values. */
export function applied<P extends PrimitiveName>(
  builder: GraphBuilder,
  { primitive, attributes }: GraphNode<P>,
  inputs: readonly Value[],
): Value {
  return builder.apply<P>(primitive, inputs, attributes)
}

/** The value of a node by its place. */
export function valueAt(values: readonly Value[], id: number): Value {
  const found = values[id]
  if (found === undefined) throw internalError(`A graph has no value ${id}.`)
  return found
}
