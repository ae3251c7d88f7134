/** What a step of a range test gave. */
export interface RatePoint {
  readonly learningRate: number
  /** Mean over the batch. */
  readonly loss: number
  /** The moving average of the losses so far. */
  readonly smoothed: number
}

/** What a step leaves of the average. */
const decay = 0.9

/** A loss of so many times the least is no training any more. */
const divergence = 4

/** Steps at the beginning that say nothing yet. */
const warmUp = 5

/** The losses of a range test, smoothed as Adam corrects its moments: without a pull towards zero at the beginning. */
export class Smoothed {
  readonly points: RatePoint[] = []
  #average = 0
  #least = Number.POSITIVE_INFINITY

  add({ learningRate, loss }: Pick<RatePoint, 'learningRate' | 'loss'>): void {
    this.#average = decay * this.#average + (1 - decay) * loss
    const smoothed = this.#average / (1 - decay ** (this.points.length + 1))
    this.#least = Math.min(this.#least, smoothed)
    this.points.push({ learningRate, loss, smoothed })
  }

  /** Whether the loss has grown too far. */
  get hasDiverged(): boolean {
    const { points } = this
    return points.length > warmUp && (points.at(-1)?.smoothed ?? 0) > divergence * this.#least
  }
}

/** A fall, in parts of the first loss for a factor of e in the rate, that rounding may make. */
const leastFall = 1e-6

/**
 * The rate at which the smoothed loss falls most steeply over the logarithm of the rate, of those before its least. The first steps are passed
 * over; undefined where it falls nowhere.
 */
export function suggestedRate(points: readonly RatePoint[]): number | undefined {
  const least = points.reduce(
    (best, { smoothed }, index) => (smoothed < (points[best]?.smoothed ?? 0) ? index : best),
    0,
  )
  let steepest = -leastFall * (points[0]?.smoothed ?? 0)
  let suggestion: number | undefined
  for (let index = warmUp; index < least; index++) {
    const [before, after] = [points[index - 1], points[index + 1]]
    if (before === undefined || after === undefined) continue
    const slope = (after.smoothed - before.smoothed) / Math.log(after.learningRate / before.learningRate)
    if (slope >= steepest) continue
    steepest = slope
    suggestion = points[index]?.learningRate
  }
  return suggestion
}
