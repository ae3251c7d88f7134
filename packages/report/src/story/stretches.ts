import type { StepRecord } from '@convzoo/core'

/** Steps that are one point of a curve. */
export interface Stretch {
  /** Steps done after the last of them. */
  readonly end: number
  readonly count: number
  readonly samples: number
  readonly seconds: number
  readonly waited: number
  /** Sums over the steps. */
  readonly loss: number
  readonly learningRate: number
  /** Over the steps that have one. */
  readonly gradientNorms: { readonly sum: number; readonly count: number }
}

/** Points of a curve: more could not be told apart, and would not stay smooth. */
const mostPoints = 1000

const joined = (one: Stretch, other: Stretch): Stretch => ({
  end: Math.max(one.end, other.end),
  count: one.count + other.count,
  samples: one.samples + other.samples,
  seconds: one.seconds + other.seconds,
  waited: one.waited + other.waited,
  loss: one.loss + other.loss,
  learningRate: one.learningRate + other.learningRate,
  gradientNorms: {
    sum: one.gradientNorms.sum + other.gradientNorms.sum,
    count: one.gradientNorms.count + other.gradientNorms.count,
  },
})

/**
 * The steps of a run in at most a thousand stretches of equal length, however many steps there are: each stands by itself as long as there
 * is room, then neighbours are joined.
 */
export class Stretches {
  #whole: Stretch[] = []
  #open: Stretch | undefined
  #length = 1

  /** Steps of one stretch; of the last one fewer. */
  get length(): number {
    return this.#length
  }

  get all(): readonly Stretch[] {
    return this.#open === undefined ? this.#whole : [...this.#whole, this.#open]
  }

  add({ step, samples, seconds, waited, loss, learningRate, gradientNorm }: StepRecord): void {
    const gradientNorms = { sum: gradientNorm ?? 0, count: gradientNorm === undefined ? 0 : 1 }
    const one = { end: step + 1, count: 1, samples, seconds, waited, loss, learningRate, gradientNorms }
    const open = this.#open === undefined ? one : joined(this.#open, one)
    if (open.count < this.#length) {
      this.#open = open
      return
    }
    this.#open = undefined
    this.#whole.push(open)
    if (this.#whole.length <= mostPoints) return
    const whole = this.#whole
    this.#length *= 2
    this.#whole = []
    for (let at = 0; at + 1 < whole.length; at += 2) {
      const [first, second] = [whole[at], whole[at + 1]]
      if (first !== undefined && second !== undefined) this.#whole.push(joined(first, second))
    }
    this.#open = whole.length % 2 === 1 ? whole.at(-1) : undefined
  }

  clear(): void {
    this.#whole = []
    this.#open = undefined
    this.#length = 1
  }
}
