import type { Model } from '../model/index.js'
import type { StateSpec } from '../program/program.js'
import type { NamedTensor } from './engine.js'

/** The contract that this file is. */
export const callbackSpecification = 'callback/v1'

/** What a training step gave. */
export interface StepRecord {
  readonly type: 'step'
  /** Optimizer steps done before this one. */
  readonly step: number
  /** From 0. */
  readonly epoch: number
  /** Samples in this batch. */
  readonly samples: number
  /** Mean over the batch. */
  readonly loss: number
  /** Euclidean norm of all gradients together, before they are clipped, where it is asked for or clipping needs it, and is finite. */
  readonly gradientNorm?: number
  readonly learningRate: number
  readonly weightDecay: number
  /** Seconds that the step took, and those of them that it waited for data. */
  readonly seconds: number
  readonly waited: number
}

/** How well the network does on a set of samples. */
export interface Score {
  readonly samples: number
  /** Mean over the samples. */
  readonly loss: number
  /** Parts of 1. */
  readonly top1: number
  readonly top5: number
  /** Further measures by name. */
  readonly metrics?: Readonly<Record<string, number | readonly number[]>>
}

/** How well the network did while it was trained. */
export interface TrainingScore extends Score {
  /** Mean over the steps that have one: Euclidean norm of all gradients together, before they are clipped. */
  readonly gradientNorm?: number
}

export interface EpochRecord {
  readonly type: 'epoch'
  readonly epoch: number
  /** Over the steps of the epoch, while the weights moved. */
  readonly training: TrainingScore
  readonly validation?: Score
  /** By either weights, where averages are kept; `validation` is one of them. */
  readonly validationOf?: { readonly current: Score; readonly average: Score }
  /** Since the epoch began, or was resumed. */
  readonly seconds: number
}

/** What has gone by and what is to come. */
export interface Progress {
  readonly epochs: number
  readonly stepsPerEpoch: number
  readonly samplesPerEpoch: number
  /** What was done before, by the run that is resumed. */
  readonly done: { readonly steps: number; readonly samples: number }
  /** Epochs from one validation to the next; undefined where there is nothing to validate on. */
  readonly validateEvery?: number
}

/** How far training has come. */
export interface Position {
  /** Optimizer steps done. */
  readonly step: number
  /** Epochs completed. */
  readonly epoch: number
  /** Samples done of the epoch under way. */
  readonly sample: number
}

/** What JSON can write. */
export type PlainData = null | boolean | number | string | readonly PlainData[] | { readonly [name: string]: PlainData }

/**
 * How a training ended: after its last epoch, by a callback that called {@link TrainingContext.stop}, by the caller's signal, or by an
 * error.
 */
export type TrainingEnding = 'finished' | 'stopped' | 'aborted' | 'failed'

/** The training that a callback watches: what it may look at, and what it may do. */
export interface TrainingContext {
  readonly position: Position
  /** Over the steps of the current epoch so far, while the weights moved; undefined before the first step. */
  readonly score: TrainingScore | undefined
  readonly model: Model
  /** Names of the model's outputs, in their order, where they are known. */
  readonly classes: readonly string[] | undefined
  /** What training runs on, in one line. */
  readonly description: string
  /** Of the run that it is part of. */
  readonly folder?: string | undefined
  /** All that stands between two steps: weights, statistics, what the optimizer keeps, averages. */
  readonly state: readonly StateSpec[]
  /** Given when training is aborted, with the caller's reason: whatever a callback waits for may end then. */
  readonly signal: AbortSignal
  /** How training ended; undefined until it has. */
  readonly ending: TrainingEnding | undefined
  /** What the learning rate is of that which its schedule gives: 1, unless a callback has scaled it. Checkpoints hold it. */
  readonly learningRateFactor: number
  /** Multiplies the learning rate from the next step on. */
  scaleLearningRate(factor: number): void
  /**
   * Ends training as its last epoch does, and as no error: when all callbacks have heard of the step or epoch. An epoch that is not over
   * then stays open; whoever goes on later closes it.
   *
   * @param reason Why, in a sentence that a person reads.
   */
  stop(reason?: string): void
  /** State by name, of the moment at which the first is asked for; all of it by default. */
  readState(names?: readonly string[]): AsyncIterable<NamedTensor>
  /** The model's weights and statistics, in its order. */
  readWeights(): AsyncIterable<NamedTensor>
  /** By which the next step moves trainable weights: mean over its batch, unclipped, under the weights' names. None that are not finite. */
  readGradients(names?: readonly string[]): AsyncIterable<NamedTensor>
  /** Replaces the state that is given, by name, and leaves the rest as it is; training goes on from it. */
  writeState(tensors: Iterable<NamedTensor> | AsyncIterable<NamedTensor>): Promise<void>
  /**
   * Writes all that training depends on as one file. It holds what the other callbacks keep of the same moment: it waits until they have
   * heard of it, too.
   *
   * @param path The file, or a function that gives it for where training stands.
   * @returns The path.
   */
  saveCheckpoint(path: string | ((position: Position) => string)): Promise<string>
}

/** Watches a training run. Each function may be asynchronous; training waits for it. */
export interface Callback {
  /** By which checkpoints know what it keeps; needed where it keeps something. */
  readonly name?: string
  onTrainBegin?(progress: Progress, context: TrainingContext): void | Promise<void>
  onStep?(record: StepRecord, context: TrainingContext): void | Promise<void>
  onEpoch?(record: EpochRecord, context: TrainingContext): void | Promise<void>
  onTrainEnd?(context: TrainingContext): void | Promise<void>
  /**
   * What it has to remember for a training that goes on later to be as one that never stopped. Checkpoints hold it, under its name.
   */
  state?(): PlainData
  /** Tensors that it has to remember besides. Their arrays are not changed afterwards. */
  tensors?(): readonly NamedTensor[]
  /**
   * Takes back what {@link state} and {@link tensors} gave; `undefined` and none from a checkpoint that holds nothing of it, which is a
   * new beginning.
   */
  restore?(state: PlainData | undefined, tensors: readonly NamedTensor[]): void
}
