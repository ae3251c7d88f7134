import type { RunEvent, RunListener } from '@convzoo/run'
import type { LogFormat } from './log-format.js'
import { plainTexts, sayJsonLine } from './output.js'
import { type ProgressOptions, trainingProgress, watchedBy } from './progress.js'
import { openScreen, type Screen } from './screen.js'

/** Seconds between lines of what goes on step by step. */
const lineInterval = 1

/** What a long command tells: while it goes on, and what came of it. */
export interface Log {
  readonly screen: Screen
  /** Who hears of what happens in a run. */
  readonly listener: RunListener
  /** What came of it, as data and in words: `tell` says those where there are words. */
  end(result: object, tell: () => void | Promise<void>): Promise<void>
}

/** @param hint What would take less time than with this input. */
export async function openLog(format: LogFormat = 'text', hint?: ProgressOptions['hint']): Promise<Log> {
  return format === 'json' ? jsonLog() : textLog(await openScreen(), hint)
}

function textLog(screen: Screen, hint: ProgressOptions['hint']): Log {
  return {
    screen,
    listener: {
      ...watchedBy(screen),
      onLog: (line) => screen.say(line),
      onEvent: trainingProgress({ screen, ...(hint === undefined ? {} : { hint }) }),
    },
    end: async (_, tell) => tell(),
  }
}

/** Each event of a run is a line, and so is each thing that the command itself says. */
function jsonLog(): Log {
  const tell = (type: 'log' | 'warning', texts: readonly string[]): void => {
    for (const text of texts) void sayJsonLine({ type, text })
  }
  let written = Number.NEGATIVE_INFINITY
  const isDue = (event: RunEvent): boolean => {
    if (event.type !== 'step' && event.type !== 'progress') return true
    const now = performance.now()
    if (!isLast(event) && now - written < 1000 * lineInterval) return false
    written = now
    return true
  }
  return {
    screen: {
      interactive: false,
      say: (lines) => tell('log', plainTexts(lines)),
      warn: (lines) => tell('warning', plainTexts(lines)),
      draw: () => undefined,
      clear: () => undefined,
    },
    listener: { onEvent: (event) => void (isDue(event) && sayJsonLine(event)) },
    end: (result) => sayJsonLine({ type: 'end', ...result }),
  }
}

/** The last step of an epoch, and the last image of a set, are told of in any case. */
function isLast(event: Extract<RunEvent, { type: 'step' | 'progress' }>): boolean {
  if (event.type === 'progress') return event.done >= event.total
  return event.step % (event.steps / event.epochs) === 0
}
