import {
  type Callback,
  type Dataset,
  describeValue,
  type Engine,
  type EpochRecord,
  type Loss,
  type Model,
  type Optimizer,
  unusableOption,
} from '@convzoo/core'
import type { Settings } from './checkpoint/index.js'
import type { Evaluation } from './evaluation.js'
import type { Position } from './training-steps.js'

export interface TrainerOptions {
  readonly model: Model
  readonly engine: Engine
  /** Needed by `fit`. Without one there are no slots, and the trainer evaluates. */
  readonly optimizer?: Optimizer
  /** Categorical cross-entropy by default. */
  readonly loss?: Loss
  /** A whole number; 1 by default. Weights, order and dropout follow from it. */
  readonly seed?: number
  /**
   * Facts that a checkpoint remembers and that must agree when it is loaded, by name: the architecture and its version, say. Seed,
   * optimizer, classes, dataset and batch size need not be among them.
   */
  readonly identity?: Settings
  /**
   * Names of the model's outputs, in their order. By default those of the checkpoint that is loaded, or else of the first dataset that is
   * fitted. Datasets meet the model by these names, in whatever order they have them.
   */
  readonly classes?: readonly string[]
  /** Called one after the other, in this order; training waits for each. */
  readonly callbacks?: readonly Callback[]
  /** Gets what the engine says while it prepares, and how classes and data met the model, one line at a time. */
  readonly log?: (line: string) => void
}

export interface FitOptions {
  /** How often to go through the data, counted from the start of the run: a trainer that stopped goes on where it stands. */
  readonly epochs: number
  readonly batchSize: number
  /** Evaluated after epochs. */
  readonly validation?: Dataset
  /** Epochs from one validation to the next, 1 by default; the last is always validated. */
  readonly validateEvery?: number
  /** Images at a time in a validation, which keeps nothing for gradients; `batchSize` by default. */
  readonly validationBatchSize?: number
  /** Told after each batch of a validation how many images are done, and of how many. */
  readonly onValidated?: (done: number, total: number) => void
  /**
   * Whether training may go on from a checkpoint with other images than those it was made from. `log` then says that the result is no
   * longer bit for bit that of a run that never stopped. False by default: they are refused.
   */
  readonly allowChangedData?: boolean
  /** Stops training after the step that is under way, or validation after its batch: the epoch is closed by the next fit. */
  readonly signal?: AbortSignal
}

export interface FitResult {
  /** False if the signal stopped it. */
  readonly completed: boolean
  /** Those that were completed. */
  readonly epochs: readonly EpochRecord[]
  /** Of the last epoch, if it was completed here and there was something to validate on. */
  readonly validation?: Evaluation
}

export interface EvaluateOptions {
  readonly batchSize: number
  /** How many of the worst mistakes to name; by default none are. */
  readonly mistakes?: number
  /**
   * In how many of the dataset's views each image is seen: 1, the centre, by default; 10 for the ten crops of Krizhevsky et al. 2012,
   * §4.1. Probabilities and losses are the means over them.
   */
  readonly views?: number
  /** Told after each batch how many images are done, and of how many; an image counts once a view. */
  readonly onEvaluated?: (done: number, total: number) => void
  /** Stops after the batch that is under way; the promise is rejected with the signal's reason. */
  readonly signal?: AbortSignal
}

/** What `loadCheckpoint` of a trainer found. */
export interface LoadedCheckpoint {
  readonly position: Position
  /** What may make the last bits of the result differ from those of a run that never stopped, one sentence each. */
  readonly warnings: readonly string[]
}

/** Samples that will be gone through in batches of a size. */
export interface Workload {
  readonly samples: number
  readonly batchSize: number
}

/** @throws ConvzooError of kind `option` unless `value` is true or false. */
export function requireBoolean(name: string, value: unknown): void {
  if (typeof value === 'boolean') return
  throw unusableOption(`"${name}"`, { expected: 'true or false', received: describeValue(value) })
}

/** @throws ConvzooError of kind `option` unless `value` is a whole number of at least `least`, and at most `most`. */
export function requireWholeNumber(
  name: string,
  value: unknown,
  least: number,
  most: number = Number.MAX_SAFE_INTEGER,
): void {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least && value <= most) return
  throw unusableOption(`"${name}"`, {
    expected: `a whole number ${most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`}`,
    received: describeValue(value),
  })
}
