import { ConvzooError } from '@convzoo/core'
import { shortReason } from './reason.js'

/** An error for a file or folder that cannot be opened or read. */
export function unreadable(path: string, expected: string, cause: unknown): ConvzooError {
  return new ConvzooError({
    kind: 'file',
    message: `${path} cannot be read.`,
    expected,
    received: shortReason(cause),
    mend: 'check the path and the permissions',
    cause,
  })
}
