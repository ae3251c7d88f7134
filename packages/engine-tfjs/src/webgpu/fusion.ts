import type { Shape } from '@convzoo/core'
import { sizeOf } from '@convzoo/core/define'
import type { Graph, GraphNode } from '@convzoo/core/engine'
import { expressionFunctions, expressions } from './expressions.js'
import { elementShader, type Shader } from './shader.js'

/** Nodes that one shader computes: an optimizer's update, a chain of conditions. */
export interface Group {
  /** Values that come from outside, in the order of the shader's inputs. */
  readonly inputs: readonly number[]
  /** Nodes that are computed on the way and nowhere else. */
  readonly inner: readonly number[]
  readonly shader: Shader
}

/** WebGPU promises 8 storage buffers; the result is one of them. */
const mostInputs = 7

/** The groups of a graph, by the node whose value they give. What is used once, by its group alone, is never stored. */
export function fused(graph: Graph): ReadonlyMap<number, Group> {
  const uses = useCounts(graph)
  const taken = new Set<number>()
  const groups = new Map<number, Group>()
  for (let root = graph.nodes.length - 1; root >= 0; root--) {
    const node = graph.nodes[root]
    if (node === undefined || taken.has(root) || expressions[node.primitive] === undefined) continue
    const { inputs, inner } = gathered(graph, root, uses)
    // TensorFlow.js' own kernels do single nodes as well, except that it spreads the inputs of a choice by kernels of their own.
    if (inner.length === 0 && node.primitive !== 'select') continue
    for (const id of inner) taken.add(id)
    groups.set(root, { inputs, inner, shader: shaderOf(graph, root, inputs, inner) })
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

/** Takes in what feeds a node, as long as there are not too many inputs. */
function gathered({ nodes }: Graph, root: number, uses: readonly number[]) {
  const shape = nodes[root]?.shape ?? []
  const outside = (id: number): readonly number[] => {
    const read = nodes[id]?.inputs ?? []
    return read.filter((input) => literal(nodes[input]) === undefined)
  }
  let inputs = new Set(outside(root))
  const inner: number[] = []
  for (let tried: number | undefined = root; tried !== undefined; ) {
    tried = undefined
    for (const id of inputs) {
      const node = nodes[id]
      if (node === undefined || uses[id] !== 1 || expressions[node.primitive] === undefined) continue
      if (!isSame(node.shape, shape) && sizeOf(node.shape) !== 1) continue
      const more = new Set([...inputs, ...outside(id)])
      more.delete(id)
      if (more.size === 0 || more.size > mostInputs) continue
      inputs = more
      inner.push(id)
      tried = id
      break
    }
  }
  return { inputs: [...inputs], inner: inner.toSorted((a, b) => a - b) }
}

const isSame = (a: Shape, b: Shape): boolean => a.length === b.length && a.every((length, axis) => length === b[axis])

/** A constant as WGSL writes it, where it can: neither infinite nor so small that it might be rounded away. */
function literal(node: GraphNode | undefined): string | undefined {
  if (node?.primitive !== 'constant') return undefined
  const value = Math.fround(node.attributes.value)
  if (!Number.isFinite(value) || Object.is(value, -0) || (value !== 0 && Math.abs(value) < 1e-37)) return undefined
  return `f32(${value})`
}

function shaderOf({ nodes }: Graph, root: number, inputs: readonly number[], inner: readonly number[]): Shader {
  const { shape = [], dtype = 'float32' } = nodes[root] ?? {}
  const loads = inputs.map((id, index) => {
    const element = `x${index}[${placeOf(nodes[id]?.shape ?? [], shape)}]`
    return `let v${id} = ${nodes[id]?.dtype === 'bool' ? `${element} != 0` : element};`
  })
  const named = (id: number): string => literal(nodes[id]) ?? `v${id}`
  const lines = [...inner, root].map((id) => {
    const { primitive = 'add', inputs: read = [] } = nodes[id] ?? {}
    return `let v${id} = ${expressions[primitive]?.(...read.map(named))};`
  })
  return elementShader({
    name: 'elements',
    inputs: inputs.map((_, index) => `x${index}`),
    shape,
    dtype: dtype === 'bool' ? 'bool' : 'float32',
    before: expressionFunctions,
    body: [...loads, ...lines, `result[index] = ${dtype === 'bool' ? `select(0, 1, v${root})` : `v${root}`};`].join(
      '\n  ',
    ),
  })
}

/** Where a value of shape `from` has the element that numpy's broadcast puts at `index` of `shape`. */
function placeOf(from: Shape, shape: Shape): string {
  if (isSame(from, shape)) return 'index'
  const axes = from.map((length, axis) => {
    const at = shape.length - from.length + axis
    const [inner, own] = [sizeOf(shape.slice(at + 1)), sizeOf(from.slice(axis + 1))]
    return length === 1 ? undefined : `(index / ${inner}) % ${length} * ${own}`
  })
  return axes.filter((axis) => axis !== undefined).join(' + ') || '0'
}
