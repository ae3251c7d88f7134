import type { Ops, Value } from '@convzoo/core/define'
import type { PrimitiveName } from '@convzoo/core/engine'

/** How a primitive carries a signal back: what each of its inputs gets; `undefined` for nothing. */
type BackwardRule = (application: {
  readonly ops: Ops
  readonly inputs: readonly Value[]
  readonly output: Value
  readonly signal: Value
}) => readonly (Value | undefined)[]

/** Rules that take the place of gradients. */
export type BackwardRules = Readonly<Partial<Record<PrimitiveName, BackwardRule>>>

/** Plain gradients. */
export const gradientRules: BackwardRules = {}

/**
 * Zeiler & Fergus 2014, §2.1: a signal is rectified where the forward pass was, by its own sign; maxima go back to where they were found, and
 * filters are transposed, as in gradients. What normalises contrast is passed as if it were not there.
 */
export const deconvnetRules: BackwardRules = {
  relu: ({ ops, signal }) => [ops.relu(signal)],
  localResponseNormalization: ({ signal }) => [signal],
}

/** Springenberg et al. 2015, §3.4: the signal of a deconvnet, where the forward pass was positive, too. */
export const guidedRules: BackwardRules = {
  relu: ({ ops, output, signal }) => [ops.select(ops.greater(output, 0), ops.relu(signal), 0)],
}
