import { ConvzooError } from '@convzoo/core'
import { unreadable } from './file-error.js'
import { openRegularFile } from './regular-file.js'
import { requireUtf8 } from './text-encoding.js'

/** A line of a text file. */
export interface Line {
  /** Without its end, of either kind, and without a byte order mark at the start of the file. */
  readonly text: string
  /** From 1. */
  readonly number: number
  /** Bytes from the start of the file to the start of the next line. */
  readonly end: number
  /** Whether it has an end: only the last line of a file that was cut off, or ends so, has none. */
  readonly isEnded: boolean
}

export interface LinesOptions {
  /** What the file should be, for errors: `a JSONL manifest`. */
  readonly expected: string
  /** Bytes; a longer one is refused. */
  readonly longestLine?: number
  /** Bytes from the start of the file to that of a line, from which on it is read; lines are counted from there. 0 by default. */
  readonly start?: number
}

const usualLongestLine = 2 ** 20
const chunkBytes = 2 ** 16
const newline = 10
const carriageReturn = 13

/**
 * The lines of a regular file, one after another, up to what its end was when it was opened. However long the file or a line of it is, no
 * more than a line is held.
 *
 * @throws ConvzooError of kind `file` that names the path, if it cannot be read, is not in UTF-8, or a line is too long.
 * @example
 * for await (const { text, number } of linesOf('animals.jsonl', { expected: 'a JSONL manifest' })) use(text, number)
 */
export async function* linesOf(
  path: string,
  { expected, longestLine = usualLongestLine, start: first = 0 }: LinesOptions,
): AsyncGenerator<Line, void, undefined> {
  const { handle, size } = await openRegularFile(path, expected)
  try {
    const chunk = Buffer.allocUnsafe(chunkBytes)
    let parts: Buffer[] = []
    let held = 0
    let number = 0
    let end = first
    const take = (part: Buffer): void => {
      held += part.length
      if (held > longestLine) throw tooLong(path, number + 1, longestLine, expected)
      if (part.length > 0) parts.push(Buffer.from(part))
    }
    const finish = (isEnded: boolean): Line => {
      const bytes = Buffer.concat(parts)
      parts = []
      held = 0
      number++
      end += bytes.length + (isEnded ? 1 : 0)
      const length = bytes.at(-1) === carriageReturn ? bytes.length - 1 : bytes.length
      const text = bytes.toString('utf8', number === 1 && first === 0 ? markLength(bytes) : 0, length)
      return { text, number, end, isEnded }
    }
    for (let position = first; position < size; ) {
      const wanted = Math.min(chunk.length, size - position)
      const { bytesRead } = await handle.read(chunk, 0, wanted, position).catch((cause: unknown) => {
        throw unreadable(path, expected, cause)
      })
      if (bytesRead === 0) break
      if (position === 0) requireUtf8(path, chunk.subarray(0, Math.min(bytesRead, 4)), expected)
      position += bytesRead
      let start = 0
      for (let at = chunk.indexOf(newline); at >= 0 && at < bytesRead; at = chunk.indexOf(newline, start)) {
        take(chunk.subarray(start, at))
        start = at + 1
        yield finish(true)
      }
      take(chunk.subarray(start, bytesRead))
    }
    if (held > 0) yield finish(false)
  } finally {
    await handle.close()
  }
}

/** Bytes of a byte order mark. */
const markLength = (bytes: Buffer): number => (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0)

function tooLong(path: string, number: number, longest: number, expected: string): ConvzooError {
  return new ConvzooError({
    kind: 'file',
    message: `Line ${number} of ${path} is too long.`,
    expected: `${expected}, with lines of at most ${longest} bytes`,
    received: `a line of more than ${longest} bytes`,
    hint: 'check that it is the file that you mean; a line ends with a line feed',
  })
}
