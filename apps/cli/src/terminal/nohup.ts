import { fstatSync, readFileSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { basename, join } from 'node:path'

/**
 * Whether this process was started so that it outlives its terminal, by `nohup` or a shell's `trap '' HUP`. Both make the system ignore
 * SIGHUP for a process and those that it starts, but Node.js undoes that before any program runs: it has to be told by what is left.
 */
export function outlivesTerminal(): boolean {
  if (process.platform === 'win32') return false
  return isNamedByShell() || writesToNohupOut() || isBelowOneThatIgnoresHangup()
}

/** bash and zsh say which program they started; nohup becomes the one that it starts and changes nothing of that. */
const isNamedByShell = (): boolean => basename(process.env._ ?? '') === 'nohup'

/** Where nohup sends what would go to a terminal. */
function writesToNohupOut(): boolean {
  const places = [process.cwd(), homedir()].map((folder) => join(folder, 'nohup.out'))
  return [1, 2].some((stream) => places.some((place) => isSameFile(stream, place)))
}

function isSameFile(stream: number, path: string): boolean {
  try {
    const [one, other] = [fstatSync(stream), statSync(path)]
    return one.isFile() && one.ino === other.ino && one.dev === other.dev
  } catch {
    return false
  }
}

/** SIGHUP in the mask of ignored signals. */
const hangup = 1n

/** Whether one of the processes that this one comes from, on the same terminal, ignores SIGHUP: a script below nohup. Linux alone says so. */
function isBelowOneThatIgnoresHangup(): boolean {
  const own = statusOf('self')
  for (let each = own; each !== undefined && each.session === own?.session; each = statusOf(each.parent)) {
    if ((each.ignored & hangup) !== 0n) return true
  }
  return false
}

/** What proc(5) says of a process in `status`; undefined where it says nothing. */
function statusOf(process: string) {
  try {
    const text = readFileSync(`/proc/${process}/status`, 'latin1')
    const field = (name: string): string => new RegExp(`^${name}:\\s*(\\w+)`, 'm').exec(text)?.[1] ?? ''
    return { parent: field('PPid'), session: field('NSsid'), ignored: BigInt(`0x${field('SigIgn')}`) }
  } catch {
    return undefined
  }
}
