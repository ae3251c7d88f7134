import type { SingleBar } from 'cli-progress'
import { type Line, say, warn } from './output.js'

/** How far something has come, and what there is to say of it, the most important first. */
interface Bar {
  readonly done: number
  readonly total: number
  readonly parts: readonly string[]
}

/** Columns that the bar itself takes at most, and below which it is left out. */
const widest = 40
const narrowest = 10

/** Whether a bar can be drawn: on a terminal that can move its cursor. */
const drawable = (): boolean =>
  process.stdout.isTTY === true && process.stderr.isTTY === true && process.env.TERM !== 'dumb'

/** Where a command says what it has to say. */
export interface Screen {
  /** Whether there is a bar to watch. */
  readonly interactive: boolean
  /** Lines of the command's own output. */
  say(lines: Line | readonly Line[]): void
  /** Lines for the user beside the output. */
  warn(lines: Line | readonly Line[]): void
  /** Draws the bar, or draws it anew. */
  draw(bar: Bar): void
  /** Takes the bar away. */
  clear(): void
}

/** The screen of a command. What draws bars is loaded only where they can be drawn. */
export async function openScreen(): Promise<Screen> {
  return new TerminalScreen(drawable() ? (await import('cli-progress')).default.SingleBar : undefined)
}

/** Output of a command, and below it a bar where a person watches. */
class TerminalScreen implements Screen {
  readonly #Bar: typeof SingleBar | undefined
  #bar: SingleBar | undefined

  constructor(Bar: typeof SingleBar | undefined) {
    this.#Bar = Bar
  }

  get interactive(): boolean {
    return this.#Bar !== undefined
  }

  say(lines: Line | readonly Line[]): void {
    this.clear()
    void say(lines)
  }

  warn(lines: Line | readonly Line[]): void {
    this.clear()
    void warn(lines)
  }

  draw({ done, total, parts }: Bar): void {
    if (this.#Bar === undefined) return
    if (this.#bar === undefined) {
      this.#bar = new this.#Bar({
        format: (_, { progress }, { line }: { readonly line: Bar['parts'] }) =>
          barLine(progress, line, process.stderr.columns),
        hideCursor: true,
        clearOnComplete: true,
        gracefulExit: false,
      })
      this.#bar.start(total, done, { line: parts })
    } else {
      this.#bar.update(done, { line: parts })
    }
  }

  /** The cursor is shown again. */
  clear(): void {
    this.#bar?.stop()
    this.#bar = undefined
  }
}

/** One line of at most `columns` characters: the parts that fit, and a bar in what is left. */
export function barLine(progress: number, parts: readonly string[], columns: number): string {
  const percent = `${Math.floor(100 * progress)} %`
  const fitting = [percent]
  for (const part of parts) {
    if ([...fitting, part].join(' | ').length > columns - 1) break
    fitting.push(part)
  }
  const text = fitting.join(' | ').slice(0, Math.max(columns - 1, 0))
  const room = Math.min(columns - 2 - text.length, widest)
  if (room < narrowest) return text
  const full = Math.round(room * progress)
  return `${'█'.repeat(full)}${'░'.repeat(room - full)} ${text}`
}
