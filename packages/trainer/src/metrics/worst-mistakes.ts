import { argmax } from './rank.js'
import type { Scored } from './running-score.js'

/** An image that was taken for another class than its own. */
export interface Mistake {
  /** Its place in the dataset. */
  readonly index: number
  readonly loss: number
  /** The class it is of, in the model's order of classes. */
  readonly truth: number
  /** The class it was taken for. */
  readonly predicted: number
  /** How probable the model holds the predicted class. */
  readonly probability: number
}

/** The mistakes of the highest losses, the worst first; of equal ones that with the lower index. */
export class WorstMistakes {
  readonly #most: number
  #found: readonly Mistake[] = []

  constructor(most: number) {
    this.#most = most
  }

  /** Looks through a batch, whose rows have these places in the dataset; skipped rows are no mistakes. */
  add({ losses, probabilities, targets }: Scored, indices: ArrayLike<number>, skipped: readonly number[] = []): void {
    const classes = targets.length / losses.length
    const left = new Set(skipped)
    const found: Mistake[] = []
    for (let row = 0; row < losses.length; row++) {
      const start = row * classes
      const truth = argmax(targets, start, classes)
      const predicted = argmax(probabilities, start, classes)
      if (left.has(row) || truth === predicted) continue
      const probability = probabilities[start + predicted] ?? Number.NaN
      found.push({ index: indices[row] ?? -1, loss: losses[row] ?? Number.NaN, truth, predicted, probability })
    }
    const worstFirst = (a: Mistake, b: Mistake): number => b.loss - a.loss || a.index - b.index
    this.#found = [...this.#found, ...found].sort(worstFirst).slice(0, this.#most)
  }

  get list(): readonly Mistake[] {
    return this.#found
  }
}
