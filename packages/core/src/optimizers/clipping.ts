import { scaleWithin } from '../constraints/index.js'
import type { Ops } from '../graph/ops.js'
import { opsKind } from '../graph/ops.js'
import type { Value } from '../graph/value.js'
import { valuesKind } from '../graph/value.js'
import {
  defineOptions,
  described,
  invalid,
  jsonSchemaOf,
  numberAbove,
  type Option,
  optional,
  requireArguments,
  required,
  within,
  written,
} from '../options/index.js'

/** Bounds on gradients, applied in this order. */
export interface Clipping {
  /** Each element into [−value, value]. */
  readonly value?: number
  /** Each weight's gradient to at most this Euclidean norm. */
  readonly norm?: number
  /** All gradients together to at most this Euclidean norm. */
  readonly globalNorm?: number
}

const bounds = defineOptions({
  value: described('each element into [−value, value]', optional(numberAbove(0))),
  norm: described("each weight's gradient to at most this norm", optional(numberAbove(0))),
  globalNorm: described('all gradients together to at most this norm', optional(numberAbove(0))),
})

/** Those bounds; errors name the one that is not allowed, and whose it is. */
export const clippingOption: Option<Clipping, Clipping> = written(
  jsonSchemaOf(bounds.kinds),
  required('bounds on gradients: value, norm, globalNorm', (given, subject) => {
    if (typeof given !== 'object' || given === null) return invalid
    const { value, norm, globalNorm } = within(subject, () => bounds.parse('clipping', given))
    return {
      ...(value === undefined ? {} : { value }),
      ...(norm === undefined ? {} : { norm }),
      ...(globalNorm === undefined ? {} : { globalNorm }),
    }
  }),
)

/** Scales `gradient` so that a norm whose square is `squared` is at most `bound`, as TensorFlow does. */
function scaleToNorm(ops: Ops, gradient: Value, squared: Value, bound: number): Value {
  return scaleWithin(ops, gradient, ops.sqrt(squared), bound)
}

const squaredNorm = (ops: Ops, x: Value): Value => ops.sum(ops.square(x))

/** The gradients within the bounds. */
export function clip(ops: Ops, gradients: readonly Value[], clipping: Clipping): readonly Value[] {
  requireArguments('clip', { ops: [opsKind, ops], gradients: [valuesKind, gradients] })
  const { value, norm, globalNorm } = bounds.parse('clip', clipping)
  let clipped = gradients
  if (value !== undefined) clipped = clipped.map((g) => ops.maximum(ops.minimum(g, value), -value))
  if (norm !== undefined) clipped = clipped.map((g) => scaleToNorm(ops, g, squaredNorm(ops, g), norm))
  if (globalNorm !== undefined && clipped.length > 0) {
    const total = clipped.map((g) => squaredNorm(ops, g)).reduce((sum, square) => ops.add(sum, square))
    clipped = clipped.map((g) => scaleToNorm(ops, g, total, globalNorm))
  }
  return clipped
}
