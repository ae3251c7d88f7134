import type { Ops } from '../graph/ops.js'
import type { Value } from '../graph/value.js'
import { matching, type Option } from '../options/index.js'

/** What a loss sees of a network's output. */
export interface LossInputs {
  readonly ops: Ops
  /** What the network gives, [N, classes]. */
  readonly output: Value
  /** What went into the softmax, where the output is one, [N, classes]. */
  readonly logits: Value | undefined
  /** [N, classes]. */
  readonly targets: Value
}

/** How wrong an output is, sample by sample: [N]. The mean over the samples is taken by the program. */
export interface Loss {
  readonly name: string
  losses(inputs: LossInputs): Value
}

/** A loss of core's, or an object that keeps its contract. */
export const lossOption: Option<Loss, Loss> = matching(
  'a loss, such as categoricalCrossentropy()',
  (value): value is Loss =>
    typeof value === 'object' &&
    value !== null &&
    'name' in value &&
    typeof value.name === 'string' &&
    'losses' in value &&
    typeof value.losses === 'function',
)
