import { randomBytes } from 'node:crypto'
import { lstat } from 'node:fs/promises'
import { hostname } from 'node:os'
import { dirname } from 'node:path'
import { ConvzooError } from '@convzoo/core'
import {
  codeOf,
  fileError,
  isJsonObject,
  parseJson,
  putFile,
  readRegularFile,
  removeFile,
  renameFile,
} from '@convzoo/files'
import { withClaim } from './claim.js'
import { isAlive, startOf } from './process-identity.js'

/** What the file of a lock says. */
interface Holder {
  readonly process: number
  readonly host: string
  /** When the process was started, where that is known. */
  readonly started?: string
  /** Tells the locks of one process apart; the file of an earlier version has none. */
  readonly token?: string
}

/** Bytes. What is longer was not written here. */
const largestLock = 4096

/** The locks that this process has: it may have the number of one that died. */
const held = new Set<string>()

/**
 * Keeps a second process from writing where this one does, by a file that names the process. That of a process which is no more, or
 * of another machine, holds nobody up: a run that was killed can be resumed wherever its folder is. Of several processes that find such
 * a file at the same moment one gets the lock.
 *
 * @throws ConvzooError of kind `state` if another process has it, of kind `file` if it cannot be written, or if what is there is no lock.
 */
export async function takeLock(path: string): Promise<AsyncDisposable> {
  const token = randomBytes(16).toString('hex')
  const started = startOf(process.pid)
  const mine: Holder = { process: process.pid, host: hostname(), ...(started === undefined ? {} : { started }), token }
  try {
    await withClaim(dirname(path), async (claim) => {
      const holder = await holderOf(path)
      if (holder !== undefined && isHeld(holder)) throw taken(path, holder)
      await putFile(claim, JSON.stringify(mine))
      await renameFile(claim, path)
      const now = await holderOf(path)
      // An earlier version of this package, say, which makes no claims.
      if (now?.token !== token) throw taken(path, now)
      held.add(token)
    })
  } catch (cause) {
    throw fileError(`${path} cannot be written`, cause)
  }
  return {
    async [Symbol.asyncDispose]() {
      held.delete(token)
      const holder = await holderOf(path)
      if (holder?.token !== token) return
      await removeFile(path).catch((cause: unknown) => {
        throw fileError(`${path} cannot be removed`, cause)
      })
    },
  }
}

/** Whether a process has the lock now. What is there and is no lock holds nobody up who only asks. */
export async function isLocked(path: string): Promise<boolean> {
  const holder = await holderOf(path).catch(() => undefined)
  return holder !== undefined && isHeld(holder)
}

/** Undefined if there is no file, or one that does not say so: cut off while an earlier version wrote it, whose process is no more. */
async function holderOf(path: string): Promise<Holder | undefined> {
  try {
    const status = await lstat(path)
    if (!status.isFile() || status.size > largestLock)
      throw isNoLock(path, status.isFile() ? `${status.size} bytes` : undefined)
    const bytes = await readRegularFile(path, { expected: 'the lock of a run', mostBytes: largestLock })
    return parsedHolder(bytes.toString('utf8'))
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return undefined
    if (ConvzooError.isInstance(cause) && codeOf(cause.cause) === 'ENOENT') return undefined
    throw cause
  }
}

function parsedHolder(text: string): Holder | undefined {
  try {
    const value = parseJson(text)
    if (!isJsonObject(value)) return undefined
    const { process, host, started, token } = value
    const isProcess = typeof process === 'number' && Number.isSafeInteger(process) && process > 0
    if (!isProcess || typeof host !== 'string') return undefined
    return {
      process,
      host,
      ...(typeof started === 'string' ? { started } : {}),
      ...(typeof token === 'string' ? { token } : {}),
    }
  } catch {
    return undefined
  }
}

function isHeld({ process: id, host, started, token }: Holder): boolean {
  if (host !== hostname()) return false
  // A former process that had the number of this one holds nothing; this one may, through another copy of this package too.
  if (id === process.pid)
    return (token !== undefined && held.has(token)) || (started !== undefined && started === startOf(id))
  return isAlive(id, started)
}

function taken(path: string, holder: Holder | undefined): ConvzooError {
  const who =
    holder === undefined
      ? 'another process'
      : holder.process === process.pid
        ? 'this process itself'
        : `process ${holder.process}`
  return new ConvzooError({
    kind: 'state',
    message: `${holder?.process === process.pid ? 'This' : 'Another'} process is training in this run folder.`,
    expected: 'a run folder that no process has',
    received: `${path}, which ${who} made`,
    hint:
      holder?.process === process.pid
        ? 'dispose of the lock that it has before another one is taken'
        : `wait for ${who} or stop it; if it trains nothing, remove that file`,
  })
}

function isNoLock(path: string, received = 'something that is no regular file'): ConvzooError {
  return new ConvzooError({
    kind: 'file',
    message: `${path} is in the way of the lock of the run.`,
    expected: `a file of at most ${largestLock} bytes that names a process, or nothing`,
    received,
    hint: 'remove it, or move it elsewhere',
  })
}
