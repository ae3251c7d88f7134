import { ConvzooError } from '@convzoo/core'
import { isError } from '@convzoo/core/define'
import { codeOf, reasonOf } from '@convzoo/files'

/** A picture that is whole, but cannot be read rightly: the message says why, in a few words. */
export class RefusedPicture extends Error {}

const damaged = 'damaged, or ends too early'

/** Why an image or an archive cannot be used, in a few words on one line: what decoders say in theirs is made plain. */
export function shortReason(error: unknown): string {
  if (ConvzooError.isInstance(error)) return error.received ?? error.sentence
  if (codeOf(error) !== undefined) return reasonOf(error)
  const reason = reasonOf(error).replace(/^Input (?:buffer|file) (?:has corrupt header: ?|contains )?/, '')
  return reason === '' || reason === 'unknown' || reason.startsWith('Vips') ? damaged : reason
}

/**
 * Why a picture with a good header cannot be decoded. The decoder's own words are not kept: libvips has one place for them, which
 * pictures in the making at the same time share.
 */
export function decodingReason(error: unknown): string {
  if (error instanceof RefusedPicture) return error.message
  const message = isError(error) ? error.message : ''
  return message.includes('timeout') ? 'decoding took too long' : damaged
}
