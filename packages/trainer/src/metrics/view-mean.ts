import type { Scored } from './running-score.js'

type Outputs = Pick<Scored, 'losses' | 'probabilities'>

/** The mean of what a network gives for the views of a batch, which come one after the other. */
export class ViewMean {
  readonly #views: number
  #seen = 0
  #losses = new Float64Array()
  #probabilities = new Float64Array()

  constructor(views: number) {
    this.#views = views
  }

  /** Takes the next view in: the mean once all are there. */
  add({ losses, probabilities }: Outputs): Outputs | undefined {
    if (this.#views === 1) return { losses, probabilities }
    if (this.#seen === 0) {
      this.#losses = new Float64Array(losses.length)
      this.#probabilities = new Float64Array(probabilities.length)
    }
    this.#take(this.#losses, losses)
    this.#take(this.#probabilities, probabilities)
    this.#seen = (this.#seen + 1) % this.#views
    return this.#seen === 0 ? { losses: this.#losses, probabilities: this.#probabilities } : undefined
  }

  #take(into: Float64Array, values: ArrayLike<number>): void {
    for (let at = 0; at < into.length; at++) into[at] = (into[at] ?? 0) + (values[at] ?? Number.NaN) / this.#views
  }
}
