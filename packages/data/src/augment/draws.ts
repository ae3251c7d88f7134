import type { BatchPurpose } from '@convzoo/core'
import { fillUniform, seedWords, stepKey, streamKey } from '@convzoo/core/engine'

/** The random numbers of one sample in one epoch, for one use. */
export interface Draws {
  /** The next number, uniform in [0, 1). */
  uniform(): number
  /** The next number, uniform in [low, high). */
  between(low: number, high: number): number
  /** The next whole number from 0 to count − 1. */
  below(count: number): number
  /** The next number of the standard normal distribution (Box and Muller 1958). */
  normal(): number
}

/** More than any augmentation draws of a stream for one sample, but for Beta's rejection, which asks again. */
const drawsAtOnce = 16

/**
 * Where an augmentation's numbers come from: a function of the run's seed, the stream's name, the epoch and the sample's index. How
 * samples are batched, how many workers there are and where a run was resumed make no difference.
 */
export function drawsOf({ seed, epoch }: BatchPurpose, stream: string, sample: number): Draws {
  const key = stepKey(streamKey(seedWords(seed), `augment/${stream}`), epoch)
  let numbers = new Float64Array(drawsAtOnce)
  fillUniform(key, sample, numbers)
  let next = 0
  const uniform = (): number => {
    if (next === numbers.length) {
      numbers = new Float64Array(2 * numbers.length)
      fillUniform(key, sample, numbers)
    }
    return numbers[next++] ?? 0
  }
  return {
    uniform,
    between: (low, high) => low + (high - low) * uniform(),
    below: (count) => Math.floor(uniform() * count),
    normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
  }
}
