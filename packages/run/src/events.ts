import type { Position } from '@convzoo/core'
import type { EpochProgress, StepProgress } from '@convzoo/trainer'

/** How far something has come that takes a while. */
export interface RunProgress {
  /** `validated`, `tested`, `evaluated`, `predicted`, `mean channel`. */
  readonly what: string
  /** Images. */
  readonly done: number
  readonly total: number
}

/** A training begins, or goes on. */
export interface StartEvent {
  readonly type: 'start'
  /** Of the run. */
  readonly folder: string
  readonly network: {
    /** `alexnet.notebook`. */
    readonly id: string
    readonly layers: number
    readonly parameters: number
    /** [H, W, C]. */
    readonly input: readonly number[]
  }
  readonly data: {
    readonly name: string
    readonly classes: number
    /** Of each split that there is. */
    readonly images: { readonly train: number; readonly validation?: number; readonly test?: number }
  }
  readonly engine: { readonly name: string; readonly device: string; readonly description: string }
  readonly epochs: number
  readonly batchSize: number
  /** In all epochs. */
  readonly steps: number
  /** Of the disk, at most, records and pictures left out. */
  readonly diskBytes: number
  /** Whether it is a run that goes on. */
  readonly resumed: boolean
  /** Where it goes on. */
  readonly position: Position
}

/** What a step or an epoch of a training gave, and how fast it goes. */
export type TrainingEvent = StepProgress | EpochProgress

/**
 * What happens in a run, as plain data: `start` once all is ready, then `step` and `epoch`, `progress` through images that are looked at
 * without being trained on, and in words `log`, what is worth knowing besides, and `warning`, what should not be overlooked. What comes of
 * it is the result of the call.
 */
export type RunEvent =
  | StartEvent
  | TrainingEvent
  | ({ readonly type: 'progress' } & RunProgress)
  | { readonly type: 'log' | 'warning'; readonly text: string }
