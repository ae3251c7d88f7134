import type { Shape } from '@convzoo/core'
import { internalError } from '@convzoo/core/define'
import type { Graph, GraphNode, PrimitiveName } from '@convzoo/core/engine'
import type { ModelWriter } from '../model-writer.js'
import type { OwnOperator, OwnOperatorParts } from '../own-operator.js'
import type { Boundary } from './boundary.js'
import type { Layout } from './layout.js'
import type { OpenBatch } from './open-batch.js'

/** A value in the ONNX model. */
export interface Emitted {
  readonly tensor: string
  readonly layout: Layout
}

/** What a model is to be fast on. */
export const targets = ['cpu', 'gpu'] as const
export type Target = (typeof targets)[number]

/** A node of the graph with its place. */
export type NodeAt<P extends PrimitiveName = PrimitiveName> = Extract<
  GraphNode & { readonly id: number },
  { readonly primitive: P }
>

/** How a primitive becomes ONNX. */
type Lowering<P extends PrimitiveName> = (emitter: Emitter, node: NodeAt<P>) => Emitted

/** One for each of them: a primitive without is an error of the compiler. */
export type Lowerings = { readonly [P in PrimitiveName]: Lowering<P> }

/** A value as core lays it out. */
export const last = (tensor: string): Emitted => ({ tensor, layout: 'channelsLast' })

interface EmitterParts {
  readonly writer: ModelWriter
  readonly boundary: Boundary
  readonly target: Target
  readonly ownOperators: boolean
  readonly layout: Layout
  /** Whether operators say what they are for. */
  readonly scopes: boolean
  readonly open: OpenBatch
  readonly lower: Lowering<PrimitiveName>
}

const toFirst = [0, 3, 1, 2]
const toLast = [0, 2, 3, 1]

/**
 * Emits ONNX for the values that are asked for, each once, in the layout that its operator gives; the other layout is made when
 * someone asks for it. What a pattern has swallowed is never asked for and so never emitted.
 */
export class Emitter {
  readonly #emitted = new Map<string, string>()
  readonly #natural = new Map<number, Layout>()
  readonly #uses: readonly number[]
  readonly #left = new Set<string>()
  #deciding: ReadonlySet<number> | undefined

  readonly writer: ModelWriter
  readonly boundary: Boundary
  readonly target: Target
  /** Whether operators that ONNX has not may be used. */
  readonly ownOperators: boolean
  /** How images lie for those of them that take either. */
  readonly layout: Layout
  /** Those that were. */
  readonly operators: OwnOperator[] = []
  /** How values are emitted that an operator of several primitives gives. */
  readonly instead = new Map<number, () => Emitted>()
  readonly open: OpenBatch
  readonly #lower: Lowering<PrimitiveName>
  readonly #scopes: boolean

  constructor(
    readonly graph: Graph,
    { writer, boundary, target, ownOperators, layout, scopes, open, lower }: EmitterParts,
  ) {
    this.writer = writer
    this.boundary = boundary
    this.target = target
    this.ownOperators = ownOperators
    this.layout = layout
    this.open = open
    this.#lower = lower
    this.#scopes = scopes
    const uses = graph.nodes.map(() => 0)
    const use = (id: number): void => {
      uses[id] = (uses[id] ?? 0) + 1
    }
    for (const node of graph.nodes) node.inputs.forEach(use)
    for (const { value } of [...graph.outputs, ...graph.assignments]) use(value)
    if (graph.guard !== undefined) use(graph.guard)
    this.#uses = uses
  }

  node(id: number): NodeAt {
    const node = this.graph.nodes[id]
    if (node === undefined) throw internalError(`The graph ${this.graph.name} has no value ${id}.`)
    return { ...node, id }
  }

  /** The node behind input `index` of a node. */
  input(node: NodeAt, index: number): NodeAt {
    const id = node.inputs[index]
    if (id === undefined) throw internalError(`${node.primitive} has no input ${index}.`)
    return this.node(id)
  }

  /** Whether a single node reads this value and nothing else does: then a pattern may swallow it. */
  usedOnce(node: NodeAt): boolean {
    return this.#uses[node.id] === 1
  }

  /**
   * Whether a value reaches one that jumps as it moves by a little: a comparison, such as which units of a ReLU pass a gradient, or the place
   * of a window's largest cell.
   */
  decides(id: number): boolean {
    this.#deciding ??= decidingIn(this.graph)
    return this.#deciding.has(id)
  }

  /** Whether a value has been emitted already. */
  has(id: number): boolean {
    return this.#natural.has(id)
  }

  /**
   * Emits the values of such nodes in the graph's order. Emitting a value emits what it is made of, one call within the other; begun at the
   * outputs of a network of hundreds of layers, the calls would outgrow the stack.
   */
  emitAhead(isEmitted: (node: NodeAt) => boolean): void {
    for (const id of this.graph.nodes.keys()) if (isEmitted(this.node(id))) this.value(id)
  }

  /** The value in the layout in which it comes. */
  value(id: number): Emitted {
    const known = this.#natural.get(id)
    if (known !== undefined) return { tensor: this.as(id, known), layout: known }
    const { tensor, layout } = this.#scoped(id, () => this.instead.get(id)?.() ?? this.#lower(this, this.node(id)))
    this.#natural.set(id, layout)
    this.#emitted.set(`${id} ${layout}`, tensor)
    return { tensor, layout }
  }

  /** What is added meanwhile is for what this value is for. */
  #scoped<T>(id: number, work: () => T): T {
    const { writer } = this
    const { scope: outer } = writer
    if (this.#scopes) writer.scope = this.node(id).scope ?? outer
    try {
      return work()
    } finally {
      writer.scope = outer
    }
  }

  /** The value in the layout that is asked for. Only values of rank 4 have two. */
  as(id: number, layout: Layout): string {
    const key = `${id} ${layout}`
    const known = this.#emitted.get(key)
    if (known !== undefined) return known
    const { tensor, layout: natural } = this.value(id)
    if (natural === layout) return tensor
    const turned = this.writer.node('Transpose', [tensor], { perm: layout === 'channelsFirst' ? toFirst : toLast })
    this.#emitted.set(key, turned)
    return turned
  }

  /** The value as core lays it out. */
  plain(id: number): string {
    return this.as(id, 'channelsLast')
  }

  /**
   * Lets a value leave the model, as core lays it out, under a name of its own. The operator that made it writes there at once; a value
   * that comes from outside, or has left already, is copied.
   */
  leave(id: number, tensor: string): void {
    const made = this.plain(id)
    if (this.#left.has(made) || !this.writer.makes(made)) {
      this.writer.alias(made, tensor)
      return
    }
    this.writer.rename(made, tensor)
    this.#left.add(made)
  }

  /** Adds an operator that ONNX has not, and gives the names of its outputs. */
  own(inputs: readonly string[], parts: OwnOperatorParts): [string, ...string[]] {
    const type = `${parts.kind}_${this.operators.length}`
    const dtype = parts.kind === 'uniform' ? 'uint32' : 'float32'
    this.operators.push({ type, takes: { count: inputs.length, dtype }, ...parts })
    return this.writer.ownNode(type, inputs, parts.gives.length)
  }

  /** A value's shape in a layout. */
  shapeIn(shape: Shape, layout: Layout): Shape {
    return layout === 'channelsFirst' ? toFirst.map((axis) => shape[axis] ?? 1) : shape
  }

  /** Something made once for a key, such as the patches of an image. */
  once(key: string, make: () => string): string {
    const known = this.#emitted.get(key)
    if (known !== undefined) return known
    const made = make()
    this.#emitted.set(key, made)
    return made
  }
}

/** Primitives whose value jumps. */
const jumping: ReadonlySet<PrimitiveName> = new Set(['equal', 'greater', 'greaterOrEqual', 'maxPool2dGradient'])

/** The values that reach one of {@link jumping}. */
function decidingIn({ nodes }: Graph): ReadonlySet<number> {
  const deciding = new Set<number>()
  for (let id = nodes.length - 1; id >= 0; id--) {
    const node = nodes[id]
    if (node !== undefined && (jumping.has(node.primitive) || deciding.has(id))) {
      for (const input of node.inputs) deciding.add(input)
    }
  }
  return deciding
}

/** Whether a node is of a primitive, for the compiler too. */
export function isPrimitive<P extends PrimitiveName>(node: NodeAt, primitive: P): node is NodeAt<P> {
  return node.primitive === primitive
}
