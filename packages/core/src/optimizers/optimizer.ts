import { ConvzooError, describeValue } from '../errors/index.js'
import type { Ops, Value } from '../graph/ops.js'
import { averageDecay, averageDecayAt, type WeightAverage } from './average.js'
import type { Clipping } from './clipping.js'
import { type Schedule, valueAt } from './schedules/index.js'

/** Numbers that may change from step to step without a new trace: they are inputs of the functions that update weights. */
export const hyperparameterNames = ['learningRate', 'weightDecay'] as const
export type HyperparameterName = (typeof hyperparameterNames)[number]

/** What an update of one weight sees. All values but the scalars have the weight's shape. */
export interface UpdateInputs<Slot extends string, Scalar extends string = string> {
  readonly ops: Ops
  readonly weight: Value
  readonly gradient: Value
  /** The weight's own memory between steps, by name. */
  readonly slots: Readonly<Record<Slot, Value>>
  /** Scalars. */
  readonly learningRate: Value
  readonly weightDecay: Value
  /** {@link Optimizer.scalars} at this step, by name. */
  readonly scalars: Readonly<Record<Scalar, Value>>
}

/** What decaying changes: the weight (decoupled) or the gradient (coupled). */
export type Decayed = Pick<UpdateInputs<string>, 'weight' | 'gradient'>

/** What {@link Optimizer.decay} sees. */
export type DecayInputs = Omit<UpdateInputs<string>, 'slots'>

/**
 * A rule by which weights follow their gradients. The program calls, for each trainable weight: clip → {@link decay} →
 * {@link update} → constraint → average. Decay is never clipped.
 */
export interface Optimizer<Slot extends string = string, Scalar extends string = string> {
  readonly name: string
  /** A number, or a number for each step. */
  readonly hyperparameters: Readonly<Record<HyperparameterName, number | Schedule>>
  /**
   * Further numbers that the update reads and that follow from the step, counted from 0: Adam's bias corrections. They are inputs
   * as the hyperparameters are, so whoever runs a step computes them, in double precision: in single precision 1 − 0.999 would
   * have lost half of its digits. {@link scalarsAt} gives all.
   */
  readonly scalars: Readonly<Record<Scalar, (step: number) => number>>
  /** The names of the slots; each starts as zeros. */
  readonly slots: readonly Slot[]
  readonly clipping: Clipping
  /** Whether the weight of this name decays. */
  decays(weightName: string): boolean
  decay(inputs: DecayInputs): Decayed
  update(inputs: UpdateInputs<Slot, Scalar>): {
    readonly weight: Value
    readonly slots: Readonly<Record<Slot, Value>>
  }
}

/**
 * What the functions that update weights take at a step, counted from 0, besides a batch: learning rate, weight decay, the optimizer's
 * own scalars, and the decay of the weights' averages if the program has them, by the names of the inputs.
 *
 * @throws ConvzooError of kind `numeric` if one of them is no finite number at that step.
 * @example
 * await executable.run('train/32', { ...batch, step, ...scalarsAt(optimizer, step) })
 */
export function scalarsAt(
  { hyperparameters, scalars }: Pick<Optimizer, 'hyperparameters' | 'scalars'>,
  step: number,
  average?: WeightAverage,
): Readonly<Record<HyperparameterName, number>> & Readonly<Record<string, number>> {
  const all = {
    learningRate: valueAt(hyperparameters.learningRate, step),
    weightDecay: valueAt(hyperparameters.weightDecay, step),
    ...Object.fromEntries(Object.entries(scalars).map(([name, at]) => [name, at(step)])),
    ...(average === undefined ? {} : { [averageDecay]: averageDecayAt(average, step) }),
  }
  for (const [name, value] of Object.entries(all)) requireFinite(name, value, step)
  return all
}

function requireFinite(name: string, value: unknown, step: number): void {
  if (Number.isFinite(value)) return
  throw new ConvzooError({
    kind: 'numeric',
    message: `The optimizer's ${name} is no finite number at step ${step}.`,
    expected: 'a finite number at every step',
    received: describeValue(value),
  })
}
