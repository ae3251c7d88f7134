import { ConvzooError } from '@convzoo/core'
import { isError, messageOf } from '@convzoo/core/define'
import { type Line, linesOf, warn, warnJsonLine } from './output.js'

interface Reported {
  readonly debug: boolean
  /** As a line of JSON. */
  readonly json: boolean
}

/** Prints what went wrong and gives the exit code: 2 for what a user can hint, 1 for a defect of ours. */
export function reportError(error: unknown, { debug, json }: Reported): number {
  const known = ConvzooError.isInstance(error)
  const ours = !known || error.kind === 'internal'
  if (json) {
    const {
      kind,
      sentence: what,
      expected,
      received,
      hint,
    } = known
      ? error
      : { kind: 'internal', sentence: messageOf(error), expected: undefined, received: undefined, hint: undefined }
    const exitCode = ours ? 1 : 2
    const stack = debug && isError(error) ? { stack: error.stack } : {}
    void warnJsonLine({ type: 'error', kind, what, expected, received, hint, exitCode, ...stack })
    return exitCode
  }
  const message = messageOf(error)
  // The lines of a ConvzooError are its own; those of other errors may be anyone's.
  const [first = '', ...more] = known ? message.split('\n') : [message]
  const lines: Line[] = [{ parts: [{ colour: 'red', text: 'error:' }, ` ${first}`] }, ...more]
  if (debug && isError(error)) lines.push(...linesOf(error.stack ?? ''))
  else if (ours) lines.push('This is a defect of convzoo; --debug shows where it happened.')
  void warn(lines)
  return ours ? 1 : 2
}
