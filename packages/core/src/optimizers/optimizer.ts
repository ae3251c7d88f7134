import type { Ops, Value } from '../graph/ops.js'
import type { Clipping } from './clipping.js'
import type { Schedule } from './schedules/index.js'

/** Numbers that may change from step to step without a new trace: they are inputs of the `train` function. */
export const hyperparameterNames = ['learningRate', 'weightDecay'] as const
export type HyperparameterName = (typeof hyperparameterNames)[number]

/** What an update of one weight sees. All values but the scalars have the weight's shape. */
export interface UpdateInputs<Slot extends string> {
  readonly ops: Ops
  readonly weight: Value
  readonly gradient: Value
  /** The weight's own memory between steps, by name. */
  readonly slots: Readonly<Record<Slot, Value>>
  /** Scalars. */
  readonly learningRate: Value
  readonly weightDecay: Value
}

/** What decaying changes: the weight (decoupled) or the gradient (coupled). */
export type Decayed = Pick<UpdateInputs<string>, 'weight' | 'gradient'>

/**
 * A rule by which weights follow their gradients. The program calls, for each trainable weight: clip → {@link decay} →
 * {@link update} → constraint. Decay is never clipped.
 */
export interface Optimizer<Slot extends string = string> {
  readonly name: string
  /** A number, or a number for each step. */
  readonly hyperparameters: Readonly<Record<HyperparameterName, number | Schedule>>
  /** The names of the slots; each starts as zeros. */
  readonly slots: readonly Slot[]
  readonly clipping: Clipping
  /** Whether the weight of this name decays. */
  decays(weightName: string): boolean
  decay(inputs: Omit<UpdateInputs<Slot>, 'slots'>): Decayed
  update(inputs: UpdateInputs<Slot>): { readonly weight: Value; readonly slots: Readonly<Record<Slot, Value>> }
}
