import { constants } from 'node:os'

const signals = ['SIGINT', 'SIGTERM'] as const

/** Watches for Ctrl-C and its like. */
export interface Interruption extends Disposable {
  /** Given at the first of them. */
  readonly signal: AbortSignal
  /** What a program exits with that this signal ended: 130 for Ctrl-C. Undefined before. */
  readonly exitCode: number | undefined
}

/** What some work gives, or undefined if the signal stopped it. */
export function unlessStopped<T>(work: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  return work.catch((error: unknown) => {
    if (signal.aborted && error === signal.reason) return undefined
    throw error
  })
}

/**
 * Turns the first SIGINT or SIGTERM into an abort signal, after a word to the user. The second one ends the process at once, as if
 * nobody had watched: a native call under way in another thread does not hold it up.
 */
export function watchInterruption(write: (line: string) => void): Interruption {
  const controller = new AbortController()
  let exitCode: number | undefined
  const dispose = (): void => {
    for (const name of signals) process.off(name, onSignal)
  }
  const onSignal = (name: NodeJS.Signals): void => {
    if (controller.signal.aborted) {
      dispose()
      // The cursor is hidden while a bar is drawn.
      if (process.stderr.isTTY) process.stderr.write('\u001B[?25h\n')
      process.kill(process.pid, name)
      return
    }
    exitCode = 128 + constants.signals[name]
    controller.abort()
    write('Stopping after this step; once more to stop at once.')
  }
  for (const name of signals) process.on(name, onSignal)
  return {
    signal: controller.signal,
    get exitCode() {
      return exitCode
    },
    [Symbol.dispose]: dispose,
  }
}
