import { internalError, type Ops, type Value } from '@convzoo/core/define'
import { GraphBuilder, type GraphNode, gradients, opsFor } from '@convzoo/core/engine'
import { applied, replay } from './replay.js'
import type { BackwardRules } from './rules.js'

/**
 * Carries a signal back from one value to another, node by node: by the rules that are given, and where there is none by the gradient.
 *
 * @param signal Of the shape of `from`: what it starts with.
 * @returns Of the shape of `to`; zeros where nothing comes that far.
 */
export function backward(
  { builder, ops }: { readonly builder: GraphBuilder; readonly ops: Ops },
  { from, signal, to, rules }: { from: Value; signal: Value; to: Value; rules: BackwardRules },
): Value {
  const onTheWay = dependents(builder, to)
  const arrived = new Map<number, Value>([[from.id, signal]])
  for (let id = from.id; id > to.id; id--) {
    const signalHere = arrived.get(id)
    if (signalHere === undefined || !onTheWay.has(id)) continue
    const output = builder.valueOf(id)
    const node = builder.node(output)
    const inputs = node.inputs.map((input) => builder.valueOf(input))
    const own = rules[node.primitive]
    const parts =
      own === undefined
        ? gradientsOf(builder, node, inputs, signalHere)
        : own({ ops, inputs, output, signal: signalHere })
    for (const [place, input] of inputs.entries()) {
      const part = parts[place]
      if (part === undefined || !onTheWay.has(input.id)) continue
      const before = arrived.get(input.id)
      arrived.set(input.id, before === undefined ? part : ops.add(before, part))
    }
  }
  return arrived.get(to.id) ?? ops.constant(0, to.shape)
}

/** Every value that depends on another, that one included. */
function dependents(builder: GraphBuilder, on: Value): ReadonlySet<number> {
  const found = new Set([on.id])
  for (let id = on.id; id < builder.size; id++) {
    if (builder.node(builder.valueOf(id)).inputs.some((input) => found.has(input))) found.add(id)
  }
  return found
}

/** The gradients of one node alone, made apart, where its inputs do not depend on each other. */
function gradientsOf(
  builder: GraphBuilder,
  node: GraphNode,
  inputs: readonly Value[],
  signal: Value,
): readonly (Value | undefined)[] {
  const apart = new GraphBuilder()
  const ops = opsFor(apart)
  const declared = inputs.map(({ shape, dtype }, place) => apart.input(String(place), { shape, dtype }))
  const flowing = apart.input('signal', { shape: signal.shape, dtype: signal.dtype })
  const target = ops.multiply(applied(apart, node, declared), flowing)
  const real = declared.filter(({ dtype }) => dtype === 'float32')
  const found = gradients(apart, ops, target, real)
  const names = found.flatMap((gradient, place) => {
    if (gradient === undefined) return []
    apart.output(String(place), gradient)
    return [place]
  })
  const graph = apart.finish(node.primitive)
  const known = { ...Object.fromEntries(inputs.map((input, place) => [String(place), input])), signal }
  const values = replay(builder, graph, known)
  const results = new Map(
    names.map((place) => {
      const output = graph.outputs.find(({ name }) => name === String(place))
      const value = output === undefined ? undefined : values[output.value]
      if (value === undefined) throw internalError(`The gradient of ${node.primitive} was lost.`)
      return [real[place]?.id, value] as const
    }),
  )
  return declared.map(({ id }) => results.get(id))
}
