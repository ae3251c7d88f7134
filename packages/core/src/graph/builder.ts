import { ConvzooError, describeValue, internalError } from '../errors/index.js'
import { matching, type Option, requireArguments, text, withMethods } from '../options/index.js'
import { attributeParts } from './attributes.js'
import type { Assignment, Graph, GraphNode, NamedValue } from './graph.js'
import { primitives } from './inference.js'
import type { PrimitiveAttributes, PrimitiveName, TensorType } from './primitives.js'
import { ownValue, type Value } from './value.js'

/**
 * Collects primitives while layers, losses and optimizers are traced. The same primitive on the same values is kept once, so a
 * gradient that needs what the forward pass computed finds it there.
 */
export class GraphBuilder {
  readonly #nodes: GraphNode[] = []
  readonly #known = new Map<string, Value>()
  readonly #values = new WeakSet<object>()
  readonly #inputs: (NamedValue & TensorType)[] = []
  readonly #outputs: NamedValue[] = []
  readonly #assignments: Assignment[] = []
  #guard: Value | undefined
  /** What is traced from now on is for. */
  scope: string | undefined

  apply<P extends PrimitiveName>(primitive: P, inputs: readonly Value[], attributes: PrimitiveAttributes[P]): Value {
    requireArguments('GraphBuilder.apply', { primitive: [primitiveKind, primitive], inputs: [list, inputs] })
    const rule = primitives[primitive]
    if (rule.arity === 'many' ? inputs.length === 0 : inputs.length !== rule.arity) {
      throw new ConvzooError({
        kind: 'shape',
        message: `The primitive ${primitive} got a number of inputs that it does not take.`,
        expected: rule.arity === 'many' ? 'one or more' : String(rule.arity),
        received: String(inputs.length),
      })
    }
    for (const input of inputs) if (!this.owns(input)) throw strangeInput(primitive, input)
    attributeParts[primitive].check(`the primitive ${primitive}`, attributes)
    const ids = inputs.map(({ id }) => id)
    const key = `${primitive}(${ids.join(',')})${JSON.stringify(attributes, exactNumber)}`
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const { shape, dtype } = rule.infer(inputs, attributes)
    const value = this.#made({ id: this.#nodes.length, shape, dtype })
    const scope = this.scope === undefined ? {} : { scope: this.scope }
    // What the compiler cannot follow: the union's member whose name is P has the attributes of P.
    this.#nodes.push({ primitive, attributes, inputs: ids, shape, dtype, ...scope } as GraphNode)
    this.#known.set(key, value)
    return value
  }

  /** A named input of the function. It belongs to the function's signature even if nothing reads it. */
  input(name: string, type: TensorType): Value {
    const value = this.apply('input', [], { name, type })
    if (!this.#inputs.some((input) => input.name === name)) this.#inputs.push({ name, value: value.id, ...type })
    return value
  }

  /** A state tensor's value before the function's assignments. */
  state(name: string, type: TensorType): Value {
    return this.apply('state', [], { name, type })
  }

  output(name: string, value: Value): void {
    requireArguments('GraphBuilder.output', { name: [text, name], value: [ownValue(this), value] })
    this.#outputs.push({ name, value: value.id })
  }

  assign(state: string, value: Value): void {
    requireArguments('GraphBuilder.assign', { state: [text, state], value: [ownValue(this), value] })
    if (this.#assignments.some((assignment) => assignment.state === state)) {
      throw internalError(`The state ${state} is assigned twice in one function.`)
    }
    this.#assignments.push({ state, value: value.id })
  }

  /** Assignments happen only when `condition`, a bool scalar, is true. */
  guard(condition: Value): void {
    requireArguments('GraphBuilder.guard', { condition: [ownValue(this), condition] })
    this.#guard = condition
  }

  /** How many values there are so far. */
  get size(): number {
    return this.#nodes.length
  }

  /** The node behind a value. */
  node(value: Value): GraphNode {
    requireArguments('GraphBuilder.node', { value: [ownValue(this), value] })
    const found = this.#nodes[value.id]
    if (found === undefined) throw internalError(`Value ${value.id} belongs to another graph.`)
    return found
  }

  /** The value of a node by its place. */
  valueOf(id: number): Value {
    const found = typeof id === 'number' ? this.#nodes[id] : undefined
    if (found === undefined) {
      throw new ConvzooError({
        kind: 'option',
        message: 'There is no such value in this graph.',
        expected: `a place from 0 to ${this.#nodes.length - 1}`,
        received: describeValue(id),
      })
    }
    return this.#made({ id, shape: found.shape, dtype: found.dtype })
  }

  /** Whether this is a value of the graph under construction, not of another one. */
  owns(value: unknown): value is Value {
    return typeof value === 'object' && value !== null && this.#values.has(value)
  }

  #made(value: Value): Value {
    this.#values.add(value)
    return value
  }

  /** The finished function, without the nodes that nothing needs. */
  finish(name: string): Graph {
    requireArguments('GraphBuilder.finish', { name: [text, name] })
    const roots = [
      ...this.#inputs.map(({ value }) => value),
      ...this.#outputs.map(({ value }) => value),
      ...this.#assignments.map(({ value }) => value),
      ...(this.#guard === undefined ? [] : [this.#guard.id]),
    ]
    const needed = new Set(roots)
    for (let id = this.#nodes.length - 1; id >= 0; id--) {
      if (needed.has(id)) for (const input of this.#nodes[id]?.inputs ?? []) needed.add(input)
    }
    const place = new Map([...needed].sort((a, b) => a - b).map((id, index) => [id, index]))
    const moved = (id: number): number => {
      const index = place.get(id)
      if (index === undefined) throw internalError(`Value ${id} was dropped from ${name} although something needs it.`)
      return index
    }
    const nodes = this.#nodes
      .filter((_, id) => needed.has(id))
      .map((kept) => ({ ...kept, inputs: kept.inputs.map(moved) }))
    return {
      name,
      nodes,
      inputs: this.#inputs.map((input) => ({ ...input, value: moved(input.value) })),
      outputs: this.#outputs.map((output) => ({ ...output, value: moved(output.value) })),
      assignments: this.#assignments.map((assignment) => ({ ...assignment, value: moved(assignment.value) })),
      ...(this.#guard === undefined ? {} : { guard: moved(this.#guard.id) }),
    }
  }
}

/** JSON knows neither infinities nor NaN nor −0; as texts they stay apart. */
function exactNumber(_key: string, value: unknown): unknown {
  if (Object.is(value, -0)) return '-0'
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value
}

const list = matching('a list of values', (given): given is readonly unknown[] => Array.isArray(given))

const primitiveKind = matching(
  'the name of a primitive, such as add',
  (given): given is PrimitiveName => typeof given === 'string' && Object.hasOwn(primitives, given),
)

function strangeInput(primitive: PrimitiveName, input: unknown): ConvzooError {
  return new ConvzooError({
    kind: 'shape',
    message: `The primitive ${primitive} was given what is no value of the function being traced.`,
    expected: 'values that this trace has made',
    received: receivedValue(input),
  })
}

/** What came where a value of a trace was due, in words. */
export function receivedValue(given: unknown): string {
  if (given === undefined) return 'nothing'
  const isValue = typeof given === 'object' && given !== null && 'id' in given && 'dtype' in given && 'shape' in given
  return isValue ? 'a value of another trace' : describeValue(given)
}

/** What collects a graph. */
export const builderKind: Option<GraphBuilder, GraphBuilder> = withMethods<GraphBuilder>(
  'a graph under construction, such as new GraphBuilder()',
  'apply',
  'owns',
  'finish',
)
