import type { Callback } from '@convzoo/core'
import { percent } from '../terminal/progress.js'

/** Beyond this part of the time and so many seconds of an epoch spent waiting for images, something can be done about it. */
const tolerable = 0.05
const tolerableSeconds = 1

/**
 * Says after an epoch in which the engine waited much for images what would help.
 *
 * @param couldCache Whether a cache of decoded images is among it.
 */
export function waitMeter(warn: (line: string) => void, couldCache: boolean): Callback {
  let seconds = 0
  let waited = 0
  return {
    onStep(record) {
      seconds += record.seconds
      waited += record.waited
    },
    onEpoch() {
      const part = seconds === 0 ? 0 : waited / seconds
      if (part > tolerable && waited > tolerableSeconds) {
        warn(
          `The engine waited for images ${percent(part)} of the time. Try ${couldCache ? '--cache memory or disk, ' : ''}more --workers, fewer --threads, smaller image files, or less --augment.`,
        )
      }
      seconds = 0
      waited = 0
    },
  }
}
