import { ConvzooError } from '@convzoo/core'
import { messageOf } from '@convzoo/core/define'
import { codeOf, reasonOf } from './reason.js'

/** Codes of the operating system that say that no more can be written. */
const full = new Set(['ENOSPC', 'EDQUOT', 'EFBIG'])

/** What to do about a file that the system refuses to touch. */
function mendFor(code: string | undefined): string {
  if (full.has(code ?? '')) return 'make room on the disk; what was written before is whole'
  if (code === 'EBUSY') return closeIt
  // Windows has no other code for a file that is open elsewhere.
  const mayBeOpen = process.platform === 'win32' && (code === 'EPERM' || code === 'EACCES')
  return mayBeOpen ? `check the permissions; if they are right, ${closeIt}` : 'check the path and the permissions'
}

const closeIt =
  'close the program that has it open, or keep virus scanners and programs that synchronise away from its folder'

/** An error of the file system in the words of convzoo; errors of convzoo's own stay what they are. `what` is a sentence without its stop. */
export function fileError(what: string, cause: unknown): ConvzooError {
  if (ConvzooError.isInstance(cause)) return cause
  return new ConvzooError({
    kind: 'file',
    message: `${what}.`,
    received: messageOf(cause),
    hint: mendFor(codeOf(cause)),
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
    hint: mendFor(codeOf(cause)),
    cause,
  })
}
