/** A picture that is whole, but cannot be read rightly: the message says why, in a few words. */
export class RefusedPicture extends Error {}

const damaged = 'damaged, or ends too early'

/** Why an image cannot be used, in a few words on one line, without the path that Node.js puts into its messages. */
export function shortReason(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const code = 'code' in error && typeof error.code === 'string' ? words[error.code] : undefined
  if (code !== undefined) return code
  const [line = 'unknown'] = error.message.split('\n')
  const reason = line.replace(/^Input (?:buffer|file) (?:has corrupt header: ?|contains )?/, '')
  return reason === '' || reason.startsWith('Vips') ? damaged : reason.slice(0, 160)
}

const words: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EISDIR: 'a folder, not a file',
  ELOOP: 'a link that leads to itself',
  ENXIO: 'not a regular file',
  ENOSPC: 'no space left',
  EDQUOT: 'no space left for this user',
  EROFS: 'a system of files that can only be read',
}

/**
 * Why a picture with a good header cannot be decoded. The decoder's own words are not kept: libvips has one place for them, which
 * pictures in the making at the same time share.
 */
export function decodingReason(error: unknown): string {
  if (error instanceof RefusedPicture) return error.message
  const message = error instanceof Error ? error.message : ''
  return message.includes('timeout') ? 'decoding took too long' : damaged
}
