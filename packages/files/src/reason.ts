import { isError, messageOf } from '@convzoo/core/define'

/** Codes of the operating system, in words. */
const words: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  ENOTDIR: 'a file where a folder should be',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EBUSY: 'in use by another program',
  EISDIR: 'a folder, not a file',
  ELOOP: 'a link that leads to itself',
  ENXIO: 'not a regular file',
  ENAMETOOLONG: 'a name that is too long',
  EMFILE: 'too many open files',
  ENFILE: 'too many open files on this system',
  EIO: 'the disk reports an error',
  ENOSPC: 'no space left',
  EDQUOT: 'no space left for this user',
  EFBIG: 'larger than the disk allows',
  EROFS: 'a system of files that can only be read',
}

/** The operating system's code of an error, such as `ENOENT`; undefined where it has none. */
export function codeOf(error: unknown): string | undefined {
  return isError(error) && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

/** UTF-16 units of a reason. */
const longest = 160

/** Why a file cannot be used, in a few words on one line, without the path that Node.js puts into its messages. */
export function reasonOf(error: unknown): string {
  if (!isError(error)) return messageOf(error).slice(0, longest)
  const known = words[codeOf(error) ?? '']
  if (known !== undefined) return known
  const [line = ''] = error.message.split('\n')
  return line === '' ? 'unknown' : line.slice(0, longest)
}
