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

const squaredNorm = (ops: Ops, x: Value): Value => ops.sum(ops.square(x))

/** The Euclidean norm of all gradients together, []. There has to be one. */
export const globalNorm = (ops: Ops, gradients: readonly Value[]): Value =>
  ops.sqrt(gradients.map((g) => squaredNorm(ops, g)).reduce((sum, square) => ops.add(sum, square)))

/** Whether clipping takes the norm of all gradients together as they are. */
export const needsGlobalNorm = ({ value, norm, globalNorm: bound }: Clipping): boolean =>
  bound !== undefined && value === undefined && norm === undefined

/**
 * The gradients within the bounds.
 *
 * @param known The norm of all gradients together, where it is known.
 */
export function clip(ops: Ops, gradients: readonly Value[], clipping: Clipping, known?: Value): readonly Value[] {
  requireArguments('clip', { ops: [opsKind, ops], gradients: [valuesKind, gradients] })
  const { value, norm, globalNorm: bound } = bounds.parse('clip', clipping)
  let clipped = gradients
  if (value !== undefined) clipped = clipped.map((g) => ops.maximum(ops.minimum(g, value), -value))
  if (norm !== undefined) clipped = clipped.map((g) => scaleWithin(ops, g, ops.sqrt(squaredNorm(ops, g)), norm))
  if (bound !== undefined && clipped.length > 0) {
    const size = (needsGlobalNorm(clipping) ? known : undefined) ?? globalNorm(ops, clipped)
    clipped = clipped.map((g) => scaleWithin(ops, g, size, bound))
  }
  return clipped
}
