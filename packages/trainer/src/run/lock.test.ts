import { type ChildProcess, fork, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { takeLock } from './lock.js'
import { startOf } from './process-identity.js'

let folder = ''
let path = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'convzoo-lock-'))
  path = join(folder, 'lock')
})
afterEach(() => rmSync(folder, { recursive: true, force: true, maxRetries: 9 }))

const holdAs = (holder: object): void => writeFileSync(path, JSON.stringify(holder))
const holder = (): unknown => JSON.parse(readFileSync(path, 'utf8'))
const mine = { process: process.pid, host: hostname() }
const deadProcess = (): number => spawnSync(process.execPath, ['--version']).pid

describe('takeLock', () => {
  it('names this process while it is held, and leaves nothing afterwards', async () => {
    {
      await using _ = await takeLock(path)
      expect(holder()).toMatchObject(mine)
      expect(readdirSync(folder)).toEqual(['lock'])
    }
    expect(readdirSync(folder)).toEqual([])
  })

  it('is refused while another process lives that has it', async () => {
    holdAs({ process: process.ppid, host: hostname() })
    await expect(takeLock(path)).rejects.toThrow(new RegExp(`Another process[\\s\\S]*process ${process.ppid}`))
    expect(holder()).toMatchObject({ process: process.ppid })
    expect(readdirSync(folder)).toEqual(['lock'])
  })

  it('is refused while this process has it', async () => {
    await using _ = await takeLock(path)
    await expect(takeLock(path)).rejects.toMatchObject({
      kind: 'state',
      message: expect.stringMatching(/^This process/),
    })
    expect(holder()).toMatchObject(mine)
  })

  it.each([
    ['is no more', () => holdAs({ process: deadProcess(), host: hostname() })],
    ['ran on another machine', () => holdAs({ process: process.ppid, host: 'elsewhere' })],
    ['had the number of this one', () => holdAs(mine)],
    ['was killed while it wrote the file', () => writeFileSync(path, '{"proc')],
    ['wrote nothing', () => writeFileSync(path, '')],
    ['has a number that no process has', () => holdAs({ process: -1, host: hostname() })],
    ['has no number at all', () => holdAs({ process: 0.5, host: hostname() })],
    ['was killed while it claimed the lock', () => writeFileSync(join(folder, claimOf(deadProcess(), hostname())), '')],
    ['claimed the lock on another machine', () => writeFileSync(join(folder, claimOf(process.ppid, 'elsewhere')), '')],
  ])('is taken over from a process that %s', async (_, hold) => {
    hold()
    await using _lock = await takeLock(path)
    expect(holder()).toMatchObject(mine)
    expect(readdirSync(folder)).toEqual(['lock'])
  })

  it.runIf(startOf(process.ppid) !== undefined)(
    'is taken over where the number belongs to another process by now',
    async () => {
      holdAs({ process: process.ppid, host: hostname(), started: '1-00000000-0000' })
      await using _ = await takeLock(path)
      expect(holder()).toMatchObject(mine)
    },
  )

  async function leavesAlone(received: string) {
    await expect(takeLock(path)).rejects.toMatchObject({
      kind: 'file',
      message: expect.stringContaining(path),
      received: expect.stringContaining(received),
    })
    expect(existsSync(path)).toBe(true)
  }

  it.skipIf(process.platform === 'win32')(
    'leaves a pipe in its place alone, and says so (Windows has no such files)',
    async () => {
      spawnSync('mkfifo', [path])
      await leavesAlone('no regular file')
    },
  )

  it.each([
    ['a folder', () => mkdirSync(path), 'no regular file'],
    [
      'ten gigabytes',
      () => {
        writeFileSync(path, '')
        truncateSync(path, 1e10)
      },
      '10000000000 bytes',
    ],
  ])('leaves %s in its place alone, and says so', async (_, make, received) => {
    make()
    await leavesAlone(received)
  })

  it('goes to one of four processes that find the lock of a dead one at once, 200 times out of 200', async () => {
    writeFileSync(join(folder, 'config.json'), '{}')
    const library = fileURLToPath(new URL('../../dist/index.js', import.meta.url))
    const script = join(folder, 'contender.mjs')
    writeFileSync(script, contender(library))
    const contenders = Array.from({ length: 4 }, () => fork(script, [folder]))
    const dead = deadProcess()
    try {
      await Promise.all(contenders.map((child) => answerOf(child)))
      const rounds: unknown[] = []
      for (let round = 0; round < 200; round++) {
        holdAs({ process: dead, host: hostname() })
        const answers = contenders.map((child) => answerOf(child))
        // All of them start at the same moment, whenever they hear of it.
        for (const child of contenders) child.send({ at: Date.now() + 3 })
        rounds.push((await Promise.all(answers)).toSorted())
        const released = contenders.map((child) => answerOf(child))
        for (const child of contenders) child.send('release')
        await Promise.all(released)
      }
      expect(rounds).toEqual(rounds.map(() => ['has it', 'refused', 'refused', 'refused']))
    } finally {
      for (const child of contenders) child.kill()
    }
  })
})

const claimOf = (id: number, host: string): string =>
  `lock.${id}..${createHash('sha256').update(host).digest('hex').slice(0, 8)}.${'0'.repeat(16)}.claim`

async function answerOf(child: ChildProcess): Promise<unknown> {
  const [answer]: unknown[] = await once(child, 'message')
  return answer
}

/** A program that takes the lock of a run when it is told to, says whether it has it, and keeps it until it is told to let go. */
const contender = (library: string): string => `
import { RunFolder } from ${JSON.stringify(library)}
const folder = await RunFolder.open(process.argv[2])
let lock
process.on('message', async (message) => {
  if (message === 'release') {
    await lock?.[Symbol.asyncDispose]()
    lock = undefined
    return process.send('let go')
  }
  while (Date.now() < message.at);
  const answer = await folder.lock().then(
    (taken) => {
      lock = taken
      return 'has it'
    },
    (error) => (/process \\d+ made/.test(error.message) ? 'refused' : error.message),
  )
  process.send(answer)
})
process.send('ready')
`
