import type { DType, Graph } from '../graph/index.js'
import type { Initializer } from '../initializers/index.js'
import type { Shape } from '../shape.js'

/**
 * What a state tensor is for: a trainable `weight`, a `statistic` that a layer assigns, an optimizer's `slot`, an `average` of a
 * weight, a `gradient` that waits to be applied.
 */
export type StateRole = 'weight' | 'statistic' | 'slot' | 'average' | 'gradient'

/** A tensor that outlives a call. */
export interface StateSpec {
  /** `conv2d/kernel`, `conv2d/kernel/velocity`. */
  readonly name: string
  readonly shape: Shape
  readonly dtype: DType
  readonly role: StateRole
  /** How it starts. */
  readonly initializer: Initializer
}

/** Functions that share state: all that an engine needs to train, evaluate and predict. Plain data. */
export interface Program {
  readonly state: readonly StateSpec[]
  readonly functions: Readonly<Record<string, Graph>>
}

/** What a function does. */
export type FunctionKind = 'train' | 'evaluate' | 'predict'

/** The name of the function of this kind for this batch size: `train/32`. */
export function functionName(kind: FunctionKind, batchSize: number): string {
  return `${kind}/${batchSize}`
}
