import { constants } from 'node:os'

/** Ctrl-C, `kill`, a terminal that is closed, and Ctrl-Break on Windows. */
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGBREAK'] as const

/**
 * Milliseconds after the first signal within which others are the same press: the terminal gives Ctrl-C to every process in front, and
 * npm, pnpm and GNU timeout hand it on to theirs.
 */
const samePress = 1000

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
 * Turns the first signal into an abort signal, after a word to the user. A later press ends the process at once, as if nobody had
 * watched: a native call under way in another thread does not hold it up.
 */
export function watchInterruption(write: (line: string) => void): Interruption {
  const controller = new AbortController()
  let first: { readonly exitCode: number; readonly at: number } | undefined
  const dispose = (): void => {
    for (const name of signals) process.off(name, onSignal)
  }
  const onSignal = (name: NodeJS.Signals): void => {
    if (first === undefined) {
      first = { exitCode: 128 + constants.signals[name], at: performance.now() }
      controller.abort()
      write('Stopping after this step; once more to stop at once.')
    } else if (performance.now() - first.at >= samePress) {
      dispose()
      // The cursor is hidden while a bar is drawn.
      if (process.stderr.isTTY) process.stderr.write('\u001B[?25h\n')
      // Windows cannot send Ctrl-Break; whatever is sent there ends the process.
      process.kill(process.pid, name === 'SIGBREAK' ? 'SIGTERM' : name)
    }
  }
  for (const name of signals) process.on(name, onSignal)
  return {
    signal: controller.signal,
    get exitCode() {
      return first?.exitCode
    },
    [Symbol.dispose]: dispose,
  }
}
