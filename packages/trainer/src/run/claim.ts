import { createHash, randomBytes } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { ConvzooError } from '@convzoo/core'
import { putFile, removeFile } from '@convzoo/files'
import { isAlive, startOf } from './process-identity.js'

/** A process that wants to look at a lock and change it. Its file says all of this by its name: there at once, or not at all. */
interface Claim {
  readonly name: string
  readonly process: number
  readonly started: string | undefined
  /** A hash of the name of its machine. */
  readonly host: string
  /** Drawn anew for each claim, so that no other file ever has its name. */
  readonly token: string
}

const pattern = /^lock\.(\d{1,10})\.([\da-f-]*)\.([\da-f]{8})\.([\da-f]{16})\.claim$/

/** Whether a file of this name in a run folder is a claim; one that stays is of a process that was killed. */
export const isClaim = (name: string): boolean => pattern.test(name)

/** Others do no more than read and write a file of a line meanwhile. */
const longestWait = 20_000

const thisHost = createHash('sha256').update(hostname()).digest('hex').slice(0, 8)

/**
 * Does something in a folder while no other process of this machine does so, with the path of a file that may be renamed: it is this
 * process's claim, and gives way with it.
 *
 * Files have no operation that replaces one only if it is still what was read. So each process first puts a claim there, under a name
 * that nobody else ever uses, and then looks at those of others. One that sees a claim with a lower token takes its own back and tries
 * again; otherwise it waits until the claims that it saw are gone. Of two processes at least the one whose claim came second sees that of the
 * first: it waits for it, or takes its own back. Claims of processes that are no more can be removed safely, as their names never come
 * back.
 *
 * @throws ConvzooError of kind `state` if another process holds its claim for 20 s.
 */
export async function withClaim<T>(folder: string, work: (claim: string) => Promise<T>): Promise<T> {
  for (const until = Date.now() + longestWait; ; ) {
    const claim = newClaim()
    const path = join(folder, claim.name)
    await putFile(path, '', 'wx')
    try {
      const others = await livingClaims(folder, claim)
      if (others.every(({ token }) => token > claim.token)) {
        for (const other of others) await gone(folder, other, until)
        return await work(path)
      }
    } finally {
      await removeFile(path)
    }
    if (Date.now() > until) throw waitedInVain(folder)
    await sleep(1 + Math.random() * 4)
  }
}

function newClaim(): Claim {
  const started = startOf(process.pid)
  const token = randomBytes(8).toString('hex')
  const name = `lock.${process.pid}.${started ?? ''}.${thisHost}.${token}.claim`
  return { name, process: process.pid, started, host: thisHost, token }
}

async function livingClaims(folder: string, own: Claim): Promise<readonly Claim[]> {
  const claims = (await readdir(folder)).flatMap((name) => {
    const [, process = '', started = '', host = '', token = ''] = pattern.exec(name) ?? []
    if (token === '' || token === own.token) return []
    return [{ name, process: Number(process), started: started === '' ? undefined : started, host, token }]
  })
  for (const claim of claims.filter((each) => !isLiving(each))) await removeFile(join(folder, claim.name))
  return claims.filter(isLiving)
}

/** Those of other machines hold nobody up: whether they live cannot be known. */
const isLiving = ({ process, started, host }: Claim): boolean => host === thisHost && isAlive(process, started)

/** Waits until a claim is no more, or its process. */
async function gone(folder: string, claim: Claim, until: number): Promise<void> {
  while (isLiving(claim) && (await readdir(folder)).includes(claim.name)) {
    if (Date.now() > until) throw waitedInVain(folder, claim)
    await sleep(1)
  }
}

function waitedInVain(folder: string, claim?: Claim): ConvzooError {
  const who = claim === undefined ? 'another process' : `process ${claim.process}`
  return new ConvzooError({
    kind: 'state',
    message: 'Another process is starting in this run folder, and does not get on.',
    expected: 'a run folder that no process has',
    received: `${folder}, which ${who} looks at`,
    hint: `wait for ${who} or stop it`,
  })
}
