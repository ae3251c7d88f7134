import { readFileSync } from 'node:fs'
import { codeOf } from '@convzoo/files'

/**
 * When a process was started, in a text that no other process of this machine has together with the same number: numbers are given out
 * again, after a restart of the machine soon. Undefined where the system does not say so in a file (macOS, Windows) or there is no such
 * process; a number alone must do then.
 */
export function startOf(process: number): string | undefined {
  try {
    const status = readFileSync(`/proc/${process}/stat`, 'latin1')
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()
    // proc(5): the name of the program, in brackets, may hold anything; behind it the start is the 20th field.
    const ticks = status.slice(status.lastIndexOf(')') + 2).split(' ')[19]
    return ticks !== undefined && /^\d+$/.test(ticks) && /^[\da-f-]+$/.test(boot) ? `${ticks}-${boot}` : undefined
  } catch {
    return undefined
  }
}

/** Whether a process of this machine lives that has this number and, where both are known, was started then. */
export function isAlive(id: number, started: string | undefined): boolean {
  try {
    process.kill(id, 0)
  } catch (error) {
    // It is there, and another user's.
    if (codeOf(error) !== 'EPERM') return false
  }
  const now = startOf(id)
  return started === undefined || now === undefined || started === now
}
