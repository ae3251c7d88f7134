import type { Ops } from '../graph/ops.js'
import { opsKind } from '../graph/ops.js'
import type { Value } from '../graph/value.js'
import { valueKind } from '../graph/value.js'
import { invalid, misfit, numberAbove, requireArguments } from '../options/index.js'
import { type Constraint, constraint as constraintOption } from './option.js'

/** {@link Constraint} `maxNorm`, for example of 3: `dense({ units: 10, kernelConstraint: maxNorm(3) })`. */
export const maxNorm = (maximum: number): Constraint => ({ type: 'maxNorm', maximum: bound('maxNorm', maximum) })
/** {@link Constraint} `unitNorm`. */
export const unitNorm: Constraint = { type: 'unitNorm' }
/** {@link Constraint} `maxRms`: ZFNet's renormalisation is `maxRms(0.1)`, for images in about [−128, 128]. */
export const maxRms = (maximum: number): Constraint => ({ type: 'maxRms', maximum: bound('maxRms', maximum) })

function bound(constraint: string, maximum: unknown): number {
  const parsed = numberAbove(0).parse(maximum, '')
  if (parsed !== invalid) return parsed
  throw misfit(`"maximum" of constraint ${constraint}`, numberAbove(0), maximum)
}

/** Keeps the norm of zeros from dividing by 0, as in Keras. */
const epsilon = 1e-7

/** `x` scaled so that a size of it, which broadcasts against it, is at most `bound`: x·bound / max(size, bound). */
export function scaleWithin(ops: Ops, x: Value, size: Value, bound: number): Value {
  requireArguments('scaleWithin', {
    ops: [opsKind, ops],
    x: [valueKind, x],
    size: [valueKind, size],
    bound: [numberAbove(0), bound],
  })
  return ops.multiply(x, ops.divide(bound, ops.maximum(size, bound)))
}

/** The weight as the constraint wants it. */
export function constrain(ops: Ops, weight: Value, constraint: Constraint): Value {
  requireArguments('constrain', {
    ops: [opsKind, ops],
    weight: [valueKind, weight],
    constraint: [constraintOption, constraint],
  })
  const filter = { axes: weight.shape.slice(1).map((_, axis) => axis), keepDimensions: true }
  const square = ops.square(weight)
  switch (constraint.type) {
    case 'maxNorm':
      return scaleWithin(ops, weight, ops.sqrt(ops.sum(square, filter)), constraint.maximum)
    case 'unitNorm':
      return ops.divide(weight, ops.add(ops.sqrt(ops.sum(square, filter)), epsilon))
    case 'maxRms':
      return scaleWithin(ops, weight, ops.sqrt(ops.mean(square, filter)), constraint.maximum)
  }
}
