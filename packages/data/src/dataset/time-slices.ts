import { setImmediate } from 'node:timers/promises'

/** Short enough that a few batches in the making at once leave the event loop free every 20 ms. */
const sliceMilliseconds = 5

/** Calls `work` for 0 … count − 1, and lets timers, files and workers have their turn every few milliseconds. */
export async function inTimeSlices(count: number, work: (index: number) => void): Promise<void> {
  let start = performance.now()
  for (let index = 0; index < count; index++) {
    work(index)
    if (performance.now() - start >= sliceMilliseconds) {
      await setImmediate()
      start = performance.now()
    }
  }
}
