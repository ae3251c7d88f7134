import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { takeLock } from './lock.js'

let folder = ''
let path = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'convzoo-lock-'))
  path = join(folder, 'lock')
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const holdAs = (holder: object): void => writeFileSync(path, JSON.stringify(holder))

describe('takeLock', () => {
  it('names this process while it is held, and nothing afterwards', async () => {
    {
      await using _ = await takeLock(path)
      expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({ process: process.pid, host: hostname() })
    }
    expect(existsSync(path)).toBe(false)
  })

  it('is refused while another process lives that has it', async () => {
    holdAs({ process: process.ppid, host: hostname() })
    await expect(takeLock(path)).rejects.toThrow(new RegExp(`Another process[\\s\\S]*process ${process.ppid}`))
    expect(JSON.parse(readFileSync(path, 'utf8')).process).toBe(process.ppid)
    rmSync(path)
  })

  it.each([
    ['is no more', () => holdAs({ process: spawnSync(process.execPath, ['--version']).pid, host: hostname() })],
    ['ran on another machine', () => holdAs({ process: process.ppid, host: 'elsewhere' })],
    ['had the number of this one', () => holdAs({ process: process.pid, host: hostname() })],
    ['was killed while it wrote the file', () => writeFileSync(path, '{"proc')],
  ])('is taken over from a process that %s', async (_, hold) => {
    hold()
    await using _lock = await takeLock(path)
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({ process: process.pid, host: hostname() })
  })
})
