import { functionOf, optional } from '@convzoo/core/define'

/** How far something has come that takes a while. */
export interface RunProgress {
  /** `validated`, `tested`, `evaluated`, `predicted`, `mean channel`. */
  readonly what: string
  /** Images. */
  readonly done: number
  readonly total: number
}

/** Who is told what happens in a run. */
export interface RunListener {
  /** What is worth knowing, a line each: the network, the data, the engine, what was resumed, the last score. Nobody by default. */
  readonly onLog?: ((line: string) => void) | undefined
  /** What should not be overlooked, a line each; `console.warn` by default. */
  readonly onWarning?: ((line: string) => void) | undefined
  readonly onProgress?: ((progress: RunProgress) => void) | undefined
}

export const listenerOptions = {
  onLog: optional(functionOf<(line: string) => void>()),
  onWarning: optional(functionOf<(line: string) => void>()),
  onProgress: optional(functionOf<(progress: RunProgress) => void>()),
}

/** A listener who hears of everything. */
export interface Told {
  log(lines: string | readonly string[]): void
  warn(lines: string | readonly string[]): void
  progress(what: string): (done: number, total: number) => void
}

/** Tells whoever listens. */
export function toldTo({ onLog, onWarning, onProgress }: RunListener): Told {
  const each = (tell: ((line: string) => void) | undefined) => (lines: string | readonly string[]) => {
    for (const line of typeof lines === 'string' ? [lines] : lines) tell?.(line)
  }
  return {
    log: each(onLog),
    warn: each(onWarning ?? ((line) => console.warn(line))),
    progress: (what) => (done, total) => onProgress?.({ what, done, total }),
  }
}
