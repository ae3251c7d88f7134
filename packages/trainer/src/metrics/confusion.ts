import { argmax } from './rank.js'
import type { Scored } from './running-score.js'

/** How often each class was taken for each: rows are true classes, columns predicted ones. */
export class ConfusionMatrix {
  readonly #classes: number
  readonly #counts: Uint32Array

  constructor(classes: number) {
    this.#classes = classes
    this.#counts = new Uint32Array(classes * classes)
  }

  /** Counts a batch in. */
  add({ losses, probabilities, targets }: Scored): void {
    const classes = this.#classes
    for (let sample = 0; sample < losses.length; sample++) {
      const truth = argmax(targets, sample * classes, classes)
      const cell = truth * classes + argmax(probabilities, sample * classes, classes)
      this.#counts[cell] = (this.#counts[cell] ?? 0) + 1
    }
  }

  /** One list a true class. */
  get rows(): number[][] {
    const classes = this.#classes
    return Array.from({ length: classes }, (_, row) => [...this.#counts.subarray(row * classes, (row + 1) * classes)])
  }
}
