/** Milliseconds of a nap at most: a step that waits for the GPU ends as much later, half of that on average. */
const longest = 0.25

/** And no longer than this part of what has been waited already: short work is awaited without naps. */
const part = 1 / 16

const nobody = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT))

/**
 * Awaits work of the GPU with naps. While something is awaited, Dawn's binding for Node asks the GPU at each turn of the event loop, and makes
 * a function for each turn: without naps a processor is busy with asking, and with collecting what that leaves.
 */
export async function patiently<T>(work: Promise<T>): Promise<T> {
  let isDone = false
  const done = work.finally(() => {
    isDone = true
  })
  // Whoever calls is told of a failure by the promise that is returned.
  done.catch(() => undefined)
  const started = performance.now()
  for (;;) {
    await new Promise<void>((resolve) => setImmediate(resolve))
    if (isDone) return done
    Atomics.wait(nobody, 0, 0, Math.min(longest, (performance.now() - started) * part))
  }
}
