import { sizeOf } from '@convzoo/core/define'
import type { Graph, GraphNode } from '@convzoo/core/engine'
import { expressionFunctions, expressions } from './expressions.js'
import { type Group, mostInputs } from './group.js'
import { isProduct, productOf, productRunner } from './products.js'
import { rowGroups } from './rows.js'
import { elementShader } from './shader.js'
import { elementLines, isSame, literal, stored } from './texts.js'

/** The groups of a graph, by the node whose value they give. What is used once, by its group alone, is never stored. */
export function fused(graph: Graph): ReadonlyMap<number, Group> {
  const uses = useCounts(graph)
  const groups = new Map<number, Group>(rowGroups(graph))
  const taken = new Set([...groups].flatMap(([root, { inner }]) => [root, ...inner]))
  for (let root = graph.nodes.length - 1; root >= 0; root--) {
    const node = graph.nodes[root]
    if (node === undefined || taken.has(root) || expressions[node.primitive] === undefined) continue
    const found = gathered(graph, root, uses, taken)
    // TensorFlow.js' own kernels do single nodes as well, except that it spreads the inputs of a choice by kernels of their own.
    if (found.inner.length === 0 && node.primitive !== 'select') continue
    for (const id of found.inner) taken.add(id)
    groups.set(root, groupOf(graph, root, found))
  }
  return groups
}

/** How often each value is read; what leaves the function is read once more. */
function useCounts({ nodes, outputs, assignments, guard }: Graph): readonly number[] {
  const counts = nodes.map(() => 0)
  const leaving = [...outputs, ...assignments].map(({ value }) => value)
  const read = [...nodes.flatMap(({ inputs }) => inputs), ...leaving, ...(guard === undefined ? [] : [guard])]
  for (const id of read) counts[id] = (counts[id] ?? 0) + 1
  return counts
}

interface Gathered {
  /** Values that are read element by element. */
  readonly inputs: readonly number[]
  readonly inner: readonly number[]
  /** The product among the inner nodes, if there is one. It is not read from memory, but finished. */
  readonly product: number | undefined
}

/** Takes in what feeds a node, as long as there are not too many inputs. */
function gathered({ nodes }: Graph, root: number, uses: readonly number[], taken: ReadonlySet<number>): Gathered {
  const { shape = [], dtype } = nodes[root] ?? {}
  const outside = (id: number): readonly number[] => {
    const read = nodes[id]?.inputs ?? []
    return read.filter((input) => literal(nodes[input]) === undefined)
  }
  let inputs = new Set(outside(root))
  const inner: number[] = []
  let product: number | undefined
  for (let tried: number | undefined = root; tried !== undefined; ) {
    tried = undefined
    for (const id of inputs) {
      const node = nodes[id]
      if (node === undefined || uses[id] !== 1 || taken.has(id)) continue
      const isFinished = product === undefined && dtype === 'float32' && isFinishable(node) && isSame(node.shape, shape)
      if (!isFinished && expressions[node.primitive] === undefined) continue
      if (!isSame(node.shape, shape) && sizeOf(node.shape) !== 1) continue
      const more = new Set([...inputs, ...(isFinished ? [] : outside(id))])
      more.delete(id)
      const hasProduct = isFinished || product !== undefined
      if (more.size > mostInputs - (hasProduct ? 2 : 0) || (more.size === 0 && !hasProduct)) continue
      inputs = more
      inner.push(id)
      if (isFinished) product = id
      tried = id
      break
    }
  }
  return { inputs: [...inputs], inner: inner.toSorted((a, b) => a - b), product }
}

/**
 * A convolution's kernel gradient is not: what finishes it is the update at the end of a step, and until then the images it is made of would
 * be kept.
 */
const isFinishable = (node: GraphNode): boolean => isProduct(node) && node.primitive !== 'conv2dKernelGradient'

function groupOf(graph: Graph, root: number, { inputs, inner, product }: Gathered): Group {
  const node = graph.nodes[root]
  const names = inputs.map((_, index) => `x${index}`)
  const lines = elementLines(graph, { root, inner, inputs }, product)
  const multiplied = product === undefined ? undefined : graph.nodes[product]
  if (multiplied !== undefined && isProduct(multiplied)) {
    const [a = 0, b = 0] = multiplied.inputs
    const [left, right] = [graph.nodes[a], graph.nodes[b]]
    if (left !== undefined && right !== undefined) {
      const run = productRunner(productOf(multiplied, left, right), {
        inputs: names,
        before: expressionFunctions,
        body: `let v${product} = value;\n  ${lines}\n  return v${root};`,
      })
      return { inputs: [a, b, ...inputs], inner, compute: run }
    }
  }
  const shader = elementShader({
    name: 'elements',
    inputs: names,
    shape: node?.shape ?? [],
    dtype: node?.dtype === 'bool' ? 'bool' : 'float32',
    before: expressionFunctions,
    body: `${lines}\n  result[index] = ${stored(node, `v${root}`)};`,
  })
  return { inputs, inner, compute: (run, args) => run(shader, args) }
}
