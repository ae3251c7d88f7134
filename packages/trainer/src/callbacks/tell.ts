import type { Callback } from '@convzoo/core'
import { patience, type Stop } from '../stop.js'

type Call = (callback: Callback) => void | Promise<void> | undefined

/**
 * Tells the callbacks of something, one after the other, and waits for each; once training is stopped, not for long.
 *
 * @throws What one of them throws: those after it are not told. Or the reason of the stop.
 */
export async function tell(callbacks: readonly Callback[], what: Call, stop: Stop): Promise<void> {
  for (const callback of callbacks) await stop.race(what(callback), patience)
}

/** Tells all callbacks of the end, whatever one of them does. Gives what they threw, in their order. */
export async function tellEnd(callbacks: readonly Callback[], stop: Stop): Promise<readonly unknown[]> {
  const errors: unknown[] = []
  for (const callback of callbacks) {
    await tell([callback], ({ onTrainEnd }) => onTrainEnd?.call(callback), stop).catch((error: unknown) => {
      if (!stop.isReason(error)) errors.push(error)
    })
  }
  return errors
}
