import { readFile, rm, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { ConvzooError } from '@convzoo/core'
import { fileError } from '@convzoo/files'

interface Holder {
  readonly process: number
  readonly host: string
}

/**
 * Keeps a second process from writing where this one does, by a file that names the process. That of a process which is no more, or
 * of another machine, holds nobody up: a run that was killed can be resumed wherever its folder is.
 *
 * @throws ConvzooError of kind `state` if another process has it, of kind `file` if it cannot be written.
 */
export async function takeLock(path: string): Promise<AsyncDisposable> {
  const mine: Holder = { process: process.pid, host: hostname() }
  for (let attempt = 0; ; attempt++) {
    try {
      await writeFile(path, JSON.stringify(mine), { flag: 'wx' })
      return { [Symbol.asyncDispose]: () => rm(path, { force: true }) }
    } catch (cause) {
      const taken = cause instanceof Error && 'code' in cause && cause.code === 'EEXIST'
      if (!taken || attempt > 0) throw fileError(`${path} cannot be written`, cause)
    }
    const holder = await holderOf(path)
    if (holder !== undefined && isOther(holder) && isAlive(holder.process)) throw isTaken(path, holder)
    await rm(path, { force: true })
  }
}

async function holderOf(path: string): Promise<Holder | undefined> {
  try {
    const { process, host }: Partial<Holder> = JSON.parse(await readFile(path, 'utf8'))
    return typeof process === 'number' && typeof host === 'string' ? { process, host } : undefined
  } catch {
    // Cut off while it was written: its process is no more.
    return undefined
  }
}

/** A process that runs on this machine, and not a former one that had this one's number. */
const isOther = (holder: Holder): boolean => holder.host === hostname() && holder.process !== process.pid

function isAlive(id: number): boolean {
  try {
    process.kill(id, 0)
    return true
  } catch (error) {
    // It is there, and another user's.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

function isTaken(path: string, { process: id }: Holder): ConvzooError {
  return new ConvzooError({
    kind: 'state',
    message: 'Another process is training in this run folder.',
    expected: 'a run folder that no process has',
    received: `${path}, which process ${id} made`,
    mend: `wait for process ${id} or stop it; if it trains nothing, remove that file`,
  })
}
