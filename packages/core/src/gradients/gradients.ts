import { ConvzooError } from '../errors/index.js'
import type { GraphBuilder } from '../graph/builder.js'
import { builderKind } from '../graph/builder.js'
import type { Ops } from '../graph/ops.js'
import { opsKind } from '../graph/ops.js'
import type { PrimitiveAttributes, PrimitiveName } from '../graph/primitives.js'
import type { Value } from '../graph/value.js'
import { ownValue, ownValues } from '../graph/value.js'
import { requireArguments } from '../options/index.js'
import { type GradientRule, gradientRules, noGradient } from './rules.js'

/**
 * Reverse-mode differentiation: adds to the graph what computes d(target)/d(source) for each source. The target is a scalar (or the
 * sum of `target`, if it is not). A source that the target does not depend on gets `undefined`.
 *
 * @throws ConvzooError of kind `internal` if the way to a source leads through a primitive that has no gradient.
 */
export function gradients(
  builder: GraphBuilder,
  ops: Ops,
  target: Value,
  sources: readonly Value[],
): (Value | undefined)[] {
  requireArguments('gradients', {
    builder: [builderKind, builder],
    ops: [opsKind, ops],
  })
  requireArguments('gradients', {
    target: [ownValue(builder), target],
    sources: [ownValues(builder), sources],
  })
  const onTheWay = dependents(builder, sources)
  const collected = new Map<number, Value>([[target.id, ops.constant(1, target.shape)]])
  const { scope } = builder
  for (let id = target.id; id >= 0; id--) {
    const gradient = collected.get(id)
    if (gradient === undefined || !onTheWay.has(id)) continue
    const node = builder.node(builder.valueOf(id))
    const inputs = node.inputs.map((input) => builder.valueOf(input))
    if (!inputs.some((input) => onTheWay.has(input.id))) continue
    builder.scope = node.scope?.replace('forward', 'backward')
    const flowing = applyRule(node.primitive, node.attributes, { ops, inputs, output: builder.valueOf(id) }, gradient)
    inputs.forEach((input, index) => {
      const part = flowing[index]
      if (part === undefined || !onTheWay.has(input.id)) return
      const sum = collected.get(input.id)
      collected.set(input.id, sum === undefined ? part : ops.add(sum, part))
    })
  }
  builder.scope = scope
  return sources.map((source) => collected.get(source.id))
}

/** Every value that depends on a source, the sources included. */
function dependents(builder: GraphBuilder, sources: readonly Value[]): Set<number> {
  const found = new Set(sources.map(({ id }) => id))
  for (let id = 0; id < builder.size; id++) {
    if (builder.node(builder.valueOf(id)).inputs.some((input) => found.has(input))) found.add(id)
  }
  return found
}

function applyRule<P extends PrimitiveName>(
  primitive: P,
  attributes: PrimitiveAttributes[P],
  application: { ops: Ops; inputs: readonly Value[]; output: Value },
  gradient: Value,
): ReturnType<GradientRule<PrimitiveAttributes[P]>> {
  const rule: GradientRule<PrimitiveAttributes[P]> | typeof noGradient = gradientRules[primitive]
  if (rule === noGradient) {
    throw new ConvzooError({
      kind: 'internal',
      message: `The loss depends on a weight through the primitive ${primitive}, which has no gradient.`,
      hint: 'compute what follows it without that weight, or write the layer with other primitives',
    })
  }
  return rule({ ...application, attributes }, gradient)
}
