import type { DType, Graph } from '../graph/index.js'
import type { Initializer } from '../initializers/index.js'
import { integer, oneOf, requireArguments, text } from '../options/index.js'
import type { Shape } from '../shape.js'

/**
 * What a state tensor is for: a trainable `weight`, a `statistic` that a layer assigns, an optimizer's `slot`, an `average` of a
 * weight, an accumulated `gradient`.
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
  /** The state whose start it shares, number by number: a slot that starts as a copy of its weight. */
  readonly startsAs?: string
  /** What the state was called in earlier versions; checkpoints that hold it are still read. */
  readonly formerName?: string
}

/** The state that an optimizer keeps of a weight under this name. */
export function slotName(weight: string, slot: string): string {
  requireArguments('slotName', { weight: [text, weight], slot: [text, slot] })
  return `${weight}/${slot}`
}
/** The state that holds a weight's average. */
export function averageName(weight: string): string {
  requireArguments('averageName', { weight: [text, weight] })
  return `${weight}/average`
}
/** The state that holds a weight's gradient while gradients accumulate. */
export function gradientName(weight: string): string {
  requireArguments('gradientName', { weight: [text, weight] })
  return `${weight}/gradient`
}

/** Functions that share state: all that an engine needs to train, evaluate and predict. Plain data. */
export interface Program {
  readonly state: readonly StateSpec[]
  readonly functions: Readonly<Record<string, Graph>>
}

const functionKinds = ['train', 'accumulate', 'evaluate', 'predict', 'evaluateAverages', 'predictAverages'] as const

/** What a function does with a batch; those of averages read the averages in place of the weights. */
export type FunctionKind = (typeof functionKinds)[number]

/** The name of the function of this kind for this batch size: `train/32`. */
export function functionName(kind: FunctionKind, batchSize: number): string {
  requireArguments('functionName', { kind: [oneOf(...functionKinds), kind], batchSize: [integer(1), batchSize] })
  return `${kind}/${batchSize}`
}

/** The function that updates the weights with the accumulated gradients. */
export const applyGradientsName = 'applyGradients'
/** The function that sets the accumulated gradients to zero. */
export const zeroGradientsName = 'zeroGradients'
