import { functionOf, optional } from '@convzoo/core/define'
import type { RunEvent, RunProgress, StartEvent, TrainingEvent } from './events.js'

/** Who is told what happens in a run. */
export interface RunListener {
  /** What is worth knowing, a line each: the network, the data, the engine, what was resumed, the last score. Nobody by default. */
  readonly onLog?: ((line: string) => void) | undefined
  /** What should not be overlooked, a line each; `console.warn` by default, unless there is an `onEvent`. */
  readonly onWarning?: ((line: string) => void) | undefined
  readonly onProgress?: ((progress: RunProgress) => void) | undefined
  /** All of this and each step and epoch as plain data, for programs. Nobody by default. */
  readonly onEvent?: ((event: RunEvent) => void) | undefined
}

export const listenerOptions = {
  onLog: optional(functionOf<(line: string) => void>()),
  onWarning: optional(functionOf<(line: string) => void>()),
  onProgress: optional(functionOf<(progress: RunProgress) => void>()),
  onEvent: optional(functionOf<(event: RunEvent) => void>()),
}

/** A listener who hears of everything. */
export interface Told {
  log(lines: string | readonly string[]): void
  warn(lines: string | readonly string[]): void
  progress(what: string): (done: number, total: number) => void
  /** What begins, as data and in lines. */
  start(event: StartEvent, lines: readonly string[]): void
  /** Undefined where nobody hears of steps and epochs. */
  readonly training: ((event: TrainingEvent) => void) | undefined
}

/** Tells whoever listens. */
export function toldTo({ onLog, onWarning, onProgress, onEvent }: RunListener): Told {
  const warning = onWarning ?? (onEvent === undefined ? (line: string) => console.warn(line) : undefined)
  const each = (tell: ((line: string) => void) | undefined, type?: 'log' | 'warning') => {
    return (lines: string | readonly string[]) => {
      for (const text of typeof lines === 'string' ? [lines] : lines) {
        tell?.(text)
        if (type !== undefined) onEvent?.({ type, text })
      }
    }
  }
  return {
    log: each(onLog, 'log'),
    warn: each(warning, 'warning'),
    progress: (what) => (done, total) => {
      onProgress?.({ what, done, total })
      onEvent?.({ type: 'progress', what, done, total })
    },
    start(event, lines) {
      each(onLog)(lines)
      onEvent?.(event)
    },
    training: onEvent,
  }
}
