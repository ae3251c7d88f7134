import { ConvzooError } from '@convzoo/core'
import { codeOf, reasonOf } from './reason.js'

/** Codes of the operating system that say that no more can be written. */
const full = new Set(['ENOSPC', 'EDQUOT', 'EFBIG'])

/** An error of the file system in the words of convzoo; errors of convzoo's own stay what they are. `what` is a sentence without its stop. */
export function fileError(what: string, cause: unknown): ConvzooError {
  if (ConvzooError.isInstance(cause)) return cause
  return new ConvzooError({
    kind: 'file',
    message: `${what}.`,
    received: cause instanceof Error ? cause.message : String(cause),
    mend: full.has(codeOf(cause) ?? '')
      ? 'make room on the disk; what was written before is whole'
      : 'check the path and the permissions',
    cause,
  })
}

/** An error for a file or folder that cannot be opened or read; errors of convzoo's own stay what they are. */
export function unreadable(path: string, expected: string, cause: unknown): ConvzooError {
  if (ConvzooError.isInstance(cause)) return cause
  return new ConvzooError({
    kind: 'file',
    message: `${path} cannot be read.`,
    expected,
    received: reasonOf(cause),
    mend: 'check the path and the permissions',
    cause,
  })
}
