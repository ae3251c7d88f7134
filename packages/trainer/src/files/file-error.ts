import { ConvzooError } from '@convzoo/core'

/** Codes of the operating system that say that no more can be written. */
const full = new Set(['ENOSPC', 'EDQUOT', 'EFBIG'])

/** An error of the file system in the words of convzoo; errors of convzoo's own stay what they are. */
export function fileError(what: string, cause: unknown): ConvzooError {
  if (ConvzooError.isInstance(cause)) return cause
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  return new ConvzooError({
    kind: 'file',
    message: `${what}.`,
    received: cause instanceof Error ? cause.message : String(cause),
    mend: full.has(code)
      ? 'make room on the disk; what was written before is whole'
      : 'check the path and the permissions',
    cause,
  })
}
