import { execFileSync } from 'node:child_process'
import { mkdirSync, symlinkSync } from 'node:fs'
import { createServer } from 'node:net'

/** What may be at a path where a file is expected, and how to put it there. On Linux. */
export const oddPlaces: readonly (readonly [string, (path: string) => Promise<void> | void])[] = [
  ['a pipe', (path) => void execFileSync('mkfifo', [path])],
  ['a socket', (path) => listening(path)],
  ['a device that never ends', (path) => symlinkSync('/dev/zero', path)],
  ['the standard input', (path) => symlinkSync('/dev/stdin', path)],
  ['a folder', (path) => void mkdirSync(path)],
  ['a view of the system', (path) => symlinkSync('/proc/self/environ', path)],
  ['the memory of the system', (path) => symlinkSync('/proc/kcore', path)],
  ['a link to itself', (path) => symlinkSync(path, path)],
  ['a link to nothing', (path) => symlinkSync(`${path}-gone`, path)],
]

async function listening(path: string): Promise<void> {
  const server = createServer().listen(path)
  await new Promise((resolve) => server.once('listening', resolve))
  server.unref()
}
