import { printable } from '@convzoo/core/define'
import { codeOf, reasonOf } from '@convzoo/files'
import pc from 'picocolors'

/** A part of a line in a colour, where there are colours. */
interface Coloured {
  readonly colour: 'red' | 'yellow' | 'green'
  readonly text: string
}

/**
 * A line of output, some of it perhaps in a colour. Whatever it holds stays on one line and moves no cursor: it is made printable here,
 * before it is coloured.
 */
export type Line = string | { readonly parts: readonly (string | Coloured)[] }

/** UTF-16 units of a line: room for a row of a confusion matrix of a thousand classes. Names are cut where they are put in. */
const longestLine = 2 ** 14

/** Whether the reader has gone: `convzoo list | head -1`, or a terminal that was closed. */
function readerHasGone(stream: NodeJS.WriteStream, error: Error): boolean {
  const code = codeOf(error)
  return code === 'EPIPE' || code === 'ECONNRESET' || (code === 'EIO' && stream.isTTY)
}

class Outlet {
  #open = true

  constructor(
    readonly stream: NodeJS.WriteStream,
    onFailure: (error: Error) => void,
  ) {
    // Stays for good: each further write, by whomever, would fail again.
    stream.on('error', (error) => {
      const fails = this.#open && !readerHasGone(stream, error)
      this.#open = false
      if (fails) onFailure(error)
    })
  }

  /** Resolves when the text was taken, or nobody takes it any more. */
  write(text: string): Promise<void> {
    if (!this.#open || text === '') return Promise.resolve()
    return new Promise((resolve) => {
      this.stream.write(text, () => resolve())
    })
  }
}

// Where nothing can be said any more, nothing is.
const errors = new Outlet(process.stderr, () => undefined)

const results = new Outlet(process.stdout, (error) => {
  process.exitCode ||= 2
  const mark = { colour: 'red', text: 'error:' } as const
  void warn({ parts: [mark, ` stdout takes no more: ${reasonOf(error)}; the rest of the output is left out.`] })
})

/**
 * Writes a command's own output, and waits until it is taken. Where the reader has gone the rest is dropped without a word; where stdout
 * cannot take it (a full disk) it is dropped, too, stderr says so in a line, and the exit code is 2. Either way the work of the command
 * goes on: a training is finished all the same.
 */
export const say = (lines: Line | readonly Line[]): Promise<void> => results.write(textOf(lines, longestLine))

/** Writes for the user beside the output. */
export const warn = (lines: Line | readonly Line[]): Promise<void> => errors.write(textOf(lines, longestLine))

/** Writes text of several lines as output. */
export const sayText = (text: string): Promise<void> => say(linesOf(text))

/** Writes rows for programs, of which nothing is cut. */
export const sayRows = (rows: readonly string[]): Promise<void> => results.write(textOf(rows, Number.POSITIVE_INFINITY))

/** Writes a value for programs: it is exact, and what a terminal would obey is written as `\u` and four digits. */
export const sayJson = (value: unknown): Promise<void> => results.write(`${jsonOf(value, 2)}\n`)

/** Writes a value for programs that read line by line; the same holds of it. */
export const sayJsonLine = (value: unknown): Promise<void> => results.write(`${jsonOf(value, 0)}\n`)

/** Writes such a line beside the output. */
export const warnJsonLine = (value: unknown): Promise<void> => errors.write(`${jsonOf(value, 0)}\n`)

/** A name as a cell of a table. */
export const cell = (name: string): string => printable(name, 60)

/** The lines of a text whose last one ends in a newline or not. */
export const linesOf = (text: string): readonly string[] => text.replace(/\n$/, '').split('\n')

/** JSON itself escapes what stands below U+0020. */
function jsonOf(value: unknown, indent: number): string {
  const text = JSON.stringify(value, null, indent)
  return text.replace(/[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}]/gu, (character) => {
    const units = Array.from({ length: character.length }, (_, unit) => character.charCodeAt(unit))
    return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('')
  })
}

const isList = (lines: Line | readonly Line[]): lines is readonly Line[] => Array.isArray(lines)

/** Lines without their colours, as they are. */
export const plainTexts = (lines: Line | readonly Line[]): readonly string[] =>
  (isList(lines) ? lines : [lines]).map((line) =>
    typeof line === 'string' ? line : line.parts.map((part) => (typeof part === 'string' ? part : part.text)).join(''),
  )

function textOf(lines: Line | readonly Line[], longest: number): string {
  const shown = (text: string): string => printable(text, longest)
  return (isList(lines) ? lines : [lines])
    .map((line) => {
      if (typeof line === 'string') return `${shown(line)}\n`
      return `${line.parts.map((part) => (typeof part === 'string' ? shown(part) : pc[part.colour](shown(part.text)))).join('')}\n`
    })
    .join('')
}
