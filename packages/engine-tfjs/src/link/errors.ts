import { ConvzooError } from '@convzoo/core'
import type { ErrorFields } from '@convzoo/core/define'

/** Nothing was changed: linking ends before it touches what is installed, or puts it back. */
export function linkError(fields: Omit<ErrorFields, 'kind'>): ConvzooError {
  return new ConvzooError({ kind: 'engine', ...fields })
}
