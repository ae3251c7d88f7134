import { ConvzooError, describeValue } from '../errors/index.js'
import type { Ops } from '../graph/ops.js'
import type { Value } from '../graph/value.js'
import { integer, invalid, isOptionsObject, matching, optional, requireArguments } from '../options/index.js'
import { averageDecay, averageDecayAt, averageOption, type WeightAverage } from './average.js'
import type { Clipping } from './clipping.js'
import { type Schedule, scheduled, scheduledAt } from './schedules/index.js'
import type { SlotStart } from './slots.js'

/** Numbers that may change from step to step without a new trace: they are inputs of the functions that update weights. */
export const hyperparameterNames = ['learningRate', 'weightDecay'] as const
export type HyperparameterName = (typeof hyperparameterNames)[number]

/** What an update of one weight sees. All values but the scalars have the weight's shape. */
export interface UpdateInputs<Slot extends string, Scalar extends string = string> {
  readonly ops: Ops
  /** The weight's full name, such as `conv2d/kernel`: not a value. */
  readonly name: string
  /** Whether this weight decays: {@link Optimizer.decays} of its name. */
  readonly decays: boolean
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
  /** The names of the slots: of what the optimizer keeps beside each trainable weight, in its shape. */
  readonly slots: readonly Slot[]
  /** How slots start, by name; as zeros where nothing is said. */
  readonly slotStarts?: Readonly<Partial<Record<Slot, SlotStart>>> | undefined
  /** Names that slots had in earlier versions, by name: checkpoints that hold them are still read. */
  readonly formerSlots?: Readonly<Partial<Record<Slot, string>>> | undefined
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
 * @throws ConvzooError of kind `numeric` if one of them is no finite number at that step, a rate or decay is negative, or that of the
 * averages leaves [0, 1].
 * @example
 * await executable.run('train/32', { ...batch, step, ...scalarsAt(optimizer, step) })
 */
export function scalarsAt(
  optimizer: Pick<Optimizer, 'hyperparameters' | 'scalars'>,
  step: number,
  average?: WeightAverage,
): Readonly<Record<HyperparameterName, number>> & Readonly<Record<string, number>> {
  requireArguments('scalarsAt', {
    optimizer: [rated, optimizer],
    step: [integer(0), step],
    average: [optional(averageOption), average],
  })
  const { hyperparameters, scalars } = optimizer
  const all = {
    learningRate: scheduledAt(hyperparameters.learningRate, step),
    weightDecay: scheduledAt(hyperparameters.weightDecay, step),
    ...Object.fromEntries(Object.entries(scalars).map(([name, at]) => [name, at(step)])),
    ...(average === undefined ? {} : { [averageDecay]: averageDecayAt(average, step) }),
  }
  for (const [name, value] of Object.entries(all)) {
    const [least, most] = bounds.get(name) ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]
    if (Number.isFinite(value) && value >= least && value <= most) continue
    throw new ConvzooError({
      kind: 'numeric',
      message: `The optimizer's ${name} is ${Number.isFinite(value) ? 'out of range' : 'no finite number'} at step ${step}.`,
      expected: expectedBetween(least, most),
      received: describeValue(value),
    })
  }
  return all
}

const bounds: ReadonlyMap<string, readonly [number, number]> = new Map([
  ...hyperparameterNames.map((name): [string, readonly [number, number]] => [name, [0, Number.POSITIVE_INFINITY]]),
  [averageDecay, [0, 1]],
])

function expectedBetween(least: number, most: number): string {
  if (Number.isFinite(most)) return `a number from ${least} to ${most} at every step`
  return Number.isFinite(least) ? `a finite number of at least ${least} at every step` : 'a finite number at every step'
}

/** Whether a number is in range is said of the step at which it is not. */
const isRate = (given: unknown): boolean =>
  typeof given === 'number' || scheduled.parse(given, 'hyperparameters') !== invalid

/** What {@link scalarsAt} reads of an optimizer. */
const rated = matching(
  'an optimizer, such as sgdw({ weightDecay: 5e-4, momentum: 0.9 })',
  (given): given is Pick<Optimizer, 'hyperparameters' | 'scalars'> =>
    isOptionsObject(given) &&
    'hyperparameters' in given &&
    isOptionsObject(given.hyperparameters) &&
    hyperparameterNames.every((name) => isRate(Reflect.get(Object(given.hyperparameters), name))) &&
    'scalars' in given &&
    isOptionsObject(given.scalars) &&
    Object.values(given.scalars).every((scalar) => typeof scalar === 'function'),
)
