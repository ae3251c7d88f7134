import type { Shape } from '@convzoo/core'
import { sizeOf } from '@convzoo/core/define'
import type { Graph, GraphNode } from '@convzoo/core/engine'
import { expressions } from './expressions.js'
import { type Group, mostInputs } from './group.js'
import { isReduction, rowShader } from './kernels/row.js'
import { isSame, literal } from './texts.js'

/**
 * Groups whose values stand in rows: a loss from its logits, its gradient, a softmax, a layer's normalization. A shader has a workgroup for each
 * row of the last axis, which reduces it as often as the group needs, and nothing between is stored.
 */
export function rowGroups(graph: Graph): ReadonlyMap<number, Group> {
  const readers = readersOf(graph)
  const frames = framesOf(graph)
  const taken = new Set<number>()
  const groups = new Map<number, Group>()
  for (let root = graph.nodes.length - 1; root >= 0; root--) {
    if (taken.has(root)) continue
    for (const frame of frames) {
      const found = gathered(graph, { root, frame, readers, taken })
      if (found === undefined || found.inputs.length === 0 || found.inputs.length > mostInputs) continue
      const { inputs, inner } = found
      const shader = rowShader(graph, { root, frame, inputs, inner })
      groups.set(root, { inputs, inner, compute: (run, args) => run(shader, args) })
      for (const id of [root, ...inner]) taken.add(id)
      break
    }
  }
  return groups
}

/** Who reads each value; what leaves the function is read by nobody here. */
function readersOf({ nodes, outputs, assignments, guard }: Graph): readonly (readonly number[])[] {
  const readers: number[][] = nodes.map(() => [])
  nodes.forEach(({ inputs }, id) => {
    for (const input of inputs) readers[input]?.push(id)
  })
  for (const { value } of [...outputs, ...assignments]) readers[value]?.push(outside)
  if (guard !== undefined) readers[guard]?.push(outside)
  return readers
}

const outside = -1

/** The shapes whose last axis something reduces. */
function framesOf({ nodes }: Graph): readonly Shape[] {
  const shapes = nodes.flatMap((node) => {
    const x = nodes[node.inputs[0] ?? 0]
    return x !== undefined && isReduction(node, x.shape) ? [x.shape] : []
  })
  const frames = shapes.filter((shape) => shape.length >= 2 && (shape.at(-1) ?? 1) > 1 && sizeOf(shape) > 0)
  return frames.filter((shape, index) => frames.findIndex((other) => isSame(other, shape)) === index)
}

/** What a value is to a frame: of its shape, a number for each row, a single number. */
function standing(shape: Shape, frame: Shape): 'element' | 'row' | 'single' | undefined {
  if (isSame(shape, frame)) return 'element'
  if (sizeOf(shape) === 1) return 'single'
  const rows = frame.slice(0, -1)
  return isSame(shape, rows) || isSame(shape, [...rows, 1]) ? 'row' : undefined
}

interface Search {
  readonly root: number
  readonly frame: Shape
  readonly readers: readonly (readonly number[])[]
  readonly taken: ReadonlySet<number>
}

/** Nodes are many where somebody writes many: a shader is to stay readable for a driver's compiler. */
const mostInner = 32

function gathered({ nodes }: Graph, { root, frame, readers, taken }: Search) {
  const last = nodes[root]
  if (last === undefined || !isComputed(nodes, last, frame)) return undefined
  const members = new Set([root])
  for (let id = root - 1; id >= 0 && members.size <= mostInner; id--) {
    const node = nodes[id]
    const read = readers[id] ?? []
    if (node === undefined || taken.has(id) || read.length === 0 || !isComputed(nodes, node, frame)) continue
    const isWithin = (reader: number): boolean => {
      const by = nodes[reader]
      return members.has(reader) && by !== undefined && isReadInPlace(node, by, frame)
    }
    if (read.every(isWithin)) members.add(id)
  }
  const reductions = [...members].filter((id) => {
    const node = nodes[id]
    const x = nodes[node?.inputs[0] ?? 0]
    return node !== undefined && x !== undefined && isReduction(node, x.shape)
  })
  const isSoftmax = last.primitive === 'softmax' || last.primitive === 'logSoftmax'
  // A single sum is TensorFlow.js' kernel as well.
  if (reductions.length === 0 || (members.size === 1 && !isSoftmax)) return undefined
  const read = [...members].flatMap((id) => nodes[id]?.inputs ?? [])
  const inputs = [...new Set(read)].filter((id) => !members.has(id) && literal(nodes[id]) === undefined)
  return { inputs, inner: [...members].filter((id) => id !== root).toSorted((a, b) => a - b) }
}

/** Whether the shader of a frame can compute a node. */
function isComputed(nodes: Graph['nodes'], node: GraphNode, frame: Shape): boolean {
  if (standing(node.shape, frame) === undefined) return false
  const x = nodes[node.inputs[0] ?? 0]
  if (x === undefined) return false
  if (isReduction(node, x.shape)) return isSame(x.shape, frame)
  if (node.primitive === 'reshape')
    return !isSame(node.shape, frame) && standing(x.shape, frame) !== undefined && !isSame(x.shape, frame)
  return expressions[node.primitive] !== undefined
}

/**
 * Whether a reader finds a value's element where it is itself. Numpy's broadcast lays a vector along the last axis, whose numbers are not
 * those of rows, however many there are.
 */
function isReadInPlace({ shape }: GraphNode, reader: GraphNode, frame: Shape): boolean {
  const own = standing(shape, frame)
  if (own === 'single' || own === 'element') return true
  if (reader.primitive === 'reshape') return true
  const by = standing(reader.shape, frame)
  return by === 'element' ? shape.length === frame.length : shape.length === reader.shape.length
}
