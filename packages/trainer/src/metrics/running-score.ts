import type { Score } from '@convzoo/core'
import { argmax, rankOf } from './rank.js'

/** What a network gave for a batch, and what was wanted. */
export interface Scored {
  /** [N]. */
  readonly losses: ArrayLike<number>
  /** [N, classes]. */
  readonly probabilities: ArrayLike<number>
  /** [N, classes]. */
  readonly targets: ArrayLike<number>
}

/** Sums over samples: what a running score is made of. */
export interface Totals {
  readonly samples: number
  readonly loss: number
  readonly top1: number
  readonly top5: number
}

/**
 * Mean loss, top-1 and top-5 over the samples so far. The class of a soft target is its largest; among equals the lowest index
 * comes first, in targets and in predictions.
 */
export class RunningScore {
  #samples: number
  #loss: number
  #top1: number
  #top5: number

  /** Goes on from the sums of an earlier one. */
  constructor({ samples, loss, top1, top5 }: Totals = { samples: 0, loss: 0, top1: 0, top5: 0 }) {
    this.#samples = samples
    this.#loss = loss
    this.#top1 = top1
    this.#top5 = top5
  }

  /** The sums so far. */
  get totals(): Totals {
    return { samples: this.#samples, loss: this.#loss, top1: this.#top1, top5: this.#top5 }
  }

  /** Counts a batch in. */
  add({ losses, probabilities, targets }: Scored): void {
    const samples = losses.length
    const classes = targets.length / samples
    for (let sample = 0; sample < samples; sample++) {
      const start = sample * classes
      const rank = rankOf(probabilities, start, classes, argmax(targets, start, classes))
      this.#loss += losses[sample] ?? Number.NaN
      if (rank < 1) this.#top1++
      if (rank < 5) this.#top5++
    }
    this.#samples += samples
  }

  /** Undefined before the first sample: there is no score over nothing. */
  get score(): Score | undefined {
    const samples = this.#samples
    if (samples === 0) return undefined
    return { samples, loss: this.#loss / samples, top1: this.#top1 / samples, top5: this.#top5 / samples }
  }
}
