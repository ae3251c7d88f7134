/**
 * A path as a word of a command that a user can paste into a shell: into cmd and PowerShell on Windows, where no file has a quotation mark
 * in its name, and into a shell of POSIX elsewhere.
 */
export function shellWord(path: string): string {
  if (process.platform === 'win32') return /^[\w./:~\\-]+$/.test(path) ? path : `"${path}"`
  if (/^[\w./:-]+$/.test(path)) return path
  return /["$`\\!]/.test(path) ? `'${path.replaceAll("'", "'\\''")}'` : `"${path}"`
}
