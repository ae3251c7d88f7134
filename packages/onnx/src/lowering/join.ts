import { sameShape, sizeOf } from '@convzoo/core/define'
import type { PrimitiveName } from '@convzoo/core/engine'
import type { ElementwiseStep } from '../own-operator.js'
import { type Emitter, isPrimitive, last, type NodeAt } from './emitter.js'
import type { Layout } from './layout.js'

/** What is computed number by number, and an operator of several primitives may hold. */
const joinable: ReadonlySet<PrimitiveName> = new Set([
  'add',
  'subtract',
  'multiply',
  'divide',
  'power',
  'maximum',
  'minimum',
  'negate',
  'exp',
  'log',
  'sqrt',
  'tanh',
  'sigmoid',
  'relu',
  'equal',
  'greater',
  'greaterOrEqual',
  'and',
  'not',
  'select',
])

/**
 * Joins what a training step does to each weight and its slots, hundreds of small operators, into one operator for a weight, what is done to
 * values on their way number by number, and the question whether all of it is finite into one for the graph.
 *
 * @returns The values that are inside of such operators, and so are not emitted by themselves.
 */
export function joinPrimitives(emitter: Emitter): ReadonlySet<number> {
  const inside = joinGuard(emitter)
  for (const group of groupsOf(emitter, inside)) {
    joinGroup(emitter, group)
    for (const id of group.members) inside.add(id)
  }
  return inside
}

/** isFinite(sum(x)) and isFinite(sum(y)) and … → whether all of x, y, … is finite. */
function joinGuard(emitter: Emitter): Set<number> {
  const { guard } = emitter.graph
  const inside = new Set<number>()
  if (guard === undefined) return inside
  const tensors: NodeAt[] = []
  const waiting = [emitter.node(guard)]
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (node.id !== guard && !emitter.usedOnce(node)) return new Set()
    inside.add(node.id)
    if (isPrimitive(node, 'and')) {
      waiting.push(emitter.input(node, 1), emitter.input(node, 0))
      continue
    }
    if (!isPrimitive(node, 'isFinite')) return new Set()
    const sum = emitter.input(node, 0)
    const isWhole = isPrimitive(sum, 'sum') && sum.shape.length === 0 && emitter.usedOnce(sum)
    if (isWhole) inside.add(sum.id)
    tensors.push(isWhole ? emitter.input(sum, 0) : sum)
  }
  const make = () => {
    const [tensor] = emitter.own(
      tensors.map(({ id }) => emitter.plain(id)),
      {
        kind: 'allFinite',
        counts: tensors.map(({ shape }) => sizeOf(shape)),
        gives: [{ shape: [], dtype: 'bool' }],
      },
    )
    return last(tensor)
  }
  emitter.instead.set(guard, make)
  return inside
}

interface Group {
  /** In the graph's order. */
  readonly members: readonly number[]
  /** Those of them that are read from outside. */
  readonly results: readonly number[]
  /** How they lie. */
  readonly layout: Layout
}

/** What becomes of each assigned tensor, as far back as it is computed number by number; and then of each other value. */
function groupsOf(emitter: Emitter, inGuard: ReadonlySet<number>): readonly Group[] {
  const { graph } = emitter
  const assigned = new Set(graph.assignments.map(({ value }) => value))
  const readers = new Map<number, number[]>()
  for (const [id, { inputs }] of graph.nodes.entries()) {
    for (const input of inputs) readers.set(input, [...(readers.get(input) ?? []), id])
  }
  const leaving = new Set(graph.outputs.map(({ value }) => value))
  const groups: Group[] = []
  const taken = new Set<number>()
  const fromLast = [...graph.nodes.keys()].reverse()
  for (const root of [...fromLast.filter((id) => assigned.has(id)), ...fromLast]) {
    const { shape, dtype } = emitter.node(root)
    if (taken.has(root) || inGuard.has(root) || dtype !== 'float32' || shape.length === 0) continue
    const members = new Set<number>()
    // From the last to the first: whoever reads a value has been judged before.
    for (let id = root; id >= 0; id--) {
      const reads = readers.get(id) ?? []
      const isRead = id === root || reads.some((reader) => members.has(reader))
      const staysInside = id === root || reads.every((reader) => members.has(reader) || inGuard.has(reader))
      if (!isRead || taken.has(id) || leaving.has(id) || !staysInside) continue
      if (canJoin(emitter, emitter.node(id), shape)) members.add(id)
    }
    const isWhole = [...members].every((id) =>
      emitter.node(id).inputs.every((input) => members.has(input) || emitter.node(input).dtype === 'float32'),
    )
    if (members.size < 2 || !isWhole) continue
    for (const id of members) taken.add(id)
    // Weights lie as core has them; images on their way as operators take them.
    const layout = assigned.has(root) || shape.length !== 4 ? 'channelsLast' : emitter.layout
    const inOrder = [...members].sort((a, b) => a - b)
    groups.push({ members: inOrder, results: inOrder.filter((id) => id === root || assigned.has(id)), layout })
  }
  return groups
}

function canJoin(emitter: Emitter, node: NodeAt, shape: readonly number[]): boolean {
  if (!joinable.has(node.primitive) || !sameShape(node.shape, shape)) return false
  return node.inputs.every((id) => {
    const input = emitter.node(id)
    if (input.dtype === 'bool') return joinable.has(input.primitive) && sameShape(input.shape, shape)
    return input.dtype === 'float32' && (input.shape.length === 0 || sameShape(input.shape, shape))
  })
}

function joinGroup(emitter: Emitter, { members, results, layout }: Group): void {
  const make = (): readonly string[] => {
    const outside = [...new Set(members.flatMap((id) => emitter.node(id).inputs))].filter((id) => !members.includes(id))
    const constants = outside.filter(
      (id) => isPrimitive(emitter.node(id), 'constant') && emitter.node(id).shape.length === 0,
    )
    const inputs = outside.filter((id) => !constants.includes(id))
    const values = [...inputs, ...constants, ...members]
    const steps = [...constants, ...members].map((id): ElementwiseStep => {
      const node = emitter.node(id)
      if (isPrimitive(node, 'constant')) return { primitive: 'constant', inputs: [], value: node.attributes.value }
      return { primitive: node.primitive, inputs: node.inputs.map((input) => values.indexOf(input)) }
    })
    return emitter.own(
      inputs.map((id) => (emitter.node(id).shape.length === 0 ? emitter.plain(id) : emitter.as(id, layout))),
      {
        kind: 'elementwise',
        scalars: inputs.map((id) => emitter.node(id).shape.length === 0),
        steps,
        results: results.map((id) => values.indexOf(id)),
        gives: results.map((id) => {
          const { shape, dtype } = emitter.node(id)
          return { shape: emitter.shapeIn(shape, layout), dtype }
        }),
      },
    )
  }
  let made: readonly string[] | undefined
  results.forEach((id, index) => {
    emitter.instead.set(id, () => {
      made ??= make()
      return { tensor: made[index] ?? '', layout }
    })
  })
}
