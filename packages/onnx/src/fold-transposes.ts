import type { GraphProto, NodeProto } from 'onnx-buf'

/**
 * Takes out each `Transpose` of a weight that is read in no other order, so that the weight can be stored as its operator wants it.
 *
 * @returns How the axes of such weights are to be exchanged, by their names.
 */
export function foldTransposes(
  graph: GraphProto,
  weights: ReadonlySet<string>,
): ReadonlyMap<string, readonly number[]> {
  const readers = new Map<string, NodeProto[]>()
  for (const node of graph.node) {
    for (const name of node.input) if (weights.has(name)) readers.set(name, [...(readers.get(name) ?? []), node])
  }
  const permutations = new Map<string, readonly number[]>()
  const dropped = new Set<NodeProto>()
  const renamed = new Map<string, string>()
  for (const [name, nodes] of readers) {
    const [permutation, ...others] = [...new Set(nodes.map((node) => permutationOf(node).join()))]
    if (permutation === undefined || permutation === '' || others.length > 0) continue
    permutations.set(name, permutation.split(',').map(Number))
    for (const node of nodes) {
      dropped.add(node)
      for (const output of node.output) renamed.set(output, name)
    }
  }
  graph.node = graph.node.filter((node) => !dropped.has(node))
  for (const node of graph.node) node.input = node.input.map((name) => renamed.get(name) ?? name)
  return permutations
}

/** How a node exchanges axes; nothing if it does something else. */
function permutationOf({ opType, attribute }: NodeProto): readonly number[] {
  return opType === 'Transpose' ? (attribute.find(({ name }) => name === 'perm')?.ints ?? []).map(Number) : []
}
