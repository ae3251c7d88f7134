import type { TrainingScore } from '@convzoo/core'
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
  /** Over the steps that told the norm of their gradients. */
  readonly gradientNorms?: { readonly sum: number; readonly steps: number }
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
  #norms: Totals['gradientNorms']

  /** Goes on from the sums of an earlier one. */
  constructor({ samples, loss, top1, top5, gradientNorms }: Totals = { samples: 0, loss: 0, top1: 0, top5: 0 }) {
    this.#samples = samples
    this.#loss = loss
    this.#top1 = top1
    this.#top5 = top5
    this.#norms = gradientNorms
  }

  /** The sums so far. */
  get totals(): Totals {
    const norms = this.#norms === undefined ? {} : { gradientNorms: this.#norms }
    return { samples: this.#samples, loss: this.#loss, top1: this.#top1, top5: this.#top5, ...norms }
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

  /** Counts in what a step told of its gradients. */
  addGradientNorm(norm: number): void {
    const { sum, steps } = this.#norms ?? { sum: 0, steps: 0 }
    this.#norms = { sum: sum + norm, steps: steps + 1 }
  }

  /** Undefined before the first sample: there is no score over nothing. */
  get score(): TrainingScore | undefined {
    const samples = this.#samples
    if (samples === 0) return undefined
    const score = { samples, loss: this.#loss / samples, top1: this.#top1 / samples, top5: this.#top5 / samples }
    return this.#norms === undefined ? score : { ...score, gradientNorm: this.#norms.sum / this.#norms.steps }
  }
}
