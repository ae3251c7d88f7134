import { outlivesTerminal } from './nohup.js'

/**
 * Ctrl-C, `kill`, a terminal that is closed, and Ctrl-Break on Windows, with their numbers, which are the same on all systems. A console
 * that is closed on Windows gives five to ten seconds, after which the process is ended; `kill` there ends it at once and is no signal.
 */
const signals = { SIGINT: 2, SIGTERM: 15, SIGHUP: 1, SIGBREAK: 21 } as const

type Name = keyof typeof signals

const names: readonly Name[] = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGBREAK']

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

/** Lets a process that was started by nohup live when its terminal is closed. */
export function keepNohup(): void {
  if (outlivesTerminal()) process.on('SIGHUP', () => undefined)
}

/**
 * Turns the first signal into an abort signal, after a word to the user. A later press ends the process at once, as if nobody had
 * watched: a native call under way in another thread does not hold it up. The end of a terminal that the process outlives is none.
 *
 * @param word What the user is told at the first one.
 */
export function watchInterruption(
  write: (line: string) => void,
  word = 'Stopping after this step; once more to stop at once.',
): Interruption {
  const controller = new AbortController()
  let first: { readonly exitCode: number; readonly at: number } | undefined
  const watched = names.filter((name) => name !== 'SIGHUP' || !outlivesTerminal())
  const listeners = watched.map((name) => ({ name, listener: () => onSignal(name) }))
  const dispose = (): void => {
    for (const { name, listener } of listeners) process.off(name, listener)
  }
  const onSignal = (name: Name): void => {
    if (first === undefined) {
      first = { exitCode: 128 + signals[name], at: performance.now() }
      controller.abort()
      write(word)
    } else if (performance.now() - first.at >= samePress && !(name === 'SIGHUP' && process.platform === 'win32')) {
      dispose()
      // The cursor is hidden while a bar is drawn.
      if (process.stderr.isTTY) process.stderr.write('\u001B[?25h\n')
      end(name)
    }
  }
  for (const { name, listener } of listeners) process.on(name, listener)
  return {
    signal: controller.signal,
    get exitCode() {
      return first?.exitCode
    },
    [Symbol.dispose]: dispose,
  }
}

/** Node.js on Windows can send none but three signals, which all end the process. */
function end(name: Name): void {
  process.kill(process.pid, process.platform === 'win32' ? 'SIGKILL' : name)
}
