import type { Position, TrainingScore } from '@convzoo/core'
import { RunningScore, type Scored, type Totals } from './metrics/index.js'

export type { Position }

/** What a checkpoint holds of where training stands. */
export interface KeptStand {
  readonly position: Position
  /** Sums over the samples of the epoch under way. */
  readonly totals: Totals
  /** What the learning rate is of that of its schedule. */
  readonly rateFactor: number
}

/** Where training stands: its position, and sums over the samples of the epoch under way. Both move together. */
export class Stand {
  /** What the learning rate is of that of its schedule. */
  rateFactor = 1
  #position: Position = { step: 0, epoch: 0, sample: 0 }
  #running = new RunningScore()
  readonly #onMove: () => void

  /** @param onMove Called in the moment in which it moves by a step or the end of an epoch. */
  constructor(onMove: () => void = () => undefined) {
    this.#onMove = onMove
  }

  get position(): Position {
    return this.#position
  }

  /** All of it, as a checkpoint holds it. */
  get kept(): KeptStand {
    return { position: this.#position, totals: this.#running.totals, rateFactor: this.rateFactor }
  }

  /** Over the steps of the epoch; after its end of that epoch until the next one begins. Undefined before the first step. */
  get score(): TrainingScore | undefined {
    return this.#running.score
  }

  /** Goes on from where a checkpoint stands. */
  load({ position, totals, rateFactor }: KeptStand): void {
    this.set(position, totals)
    this.rateFactor = rateFactor
  }

  /** Goes on from elsewhere. */
  set(position: Position, totals: Totals = this.#running.totals): void {
    this.#position = position
    this.#running = new RunningScore(totals)
  }

  /** Counts a step in. The first one of an epoch begins its sums. */
  add(samples: number, scored: Scored, gradientNorm?: number): void {
    const { step, epoch, sample } = this.#position
    if (sample === 0) this.#running = new RunningScore()
    this.#running.add(scored)
    if (gradientNorm !== undefined) this.#running.addGradientNorm(gradientNorm)
    this.#position = { step: step + 1, epoch, sample: sample + samples }
    this.#onMove()
  }

  /** The epoch under way has ended. */
  endEpoch(): void {
    const { step, epoch } = this.#position
    this.#position = { step, epoch: epoch + 1, sample: 0 }
    this.#onMove()
  }
}
