import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openRegularFile, readRegularFile, readRegularFileSync } from './regular-file.js'
import { isOfSystem } from './system-folder.js'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'convzoo-regular-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true, maxRetries: 9 }))

const text = { expected: 'a text', mostBytes: 1000 }
const posix = process.platform !== 'win32'

describe('what is no regular file', () => {
  const cases: readonly (readonly [string, (path: string) => void, string])[] = [
    ['nothing', () => undefined, 'no such file'],
    ['a folder', (path) => mkdirSync(path), 'a folder, not a file'],
    ['a pipe', (path) => execFileSync('mkfifo', [path]), 'a pipe, not a regular file'],
    ['a device that never ends', (path) => symlinkSync('/dev/zero', path), 'a device, not a regular file'],
    ['a link to itself', (path) => symlinkSync(path, path), 'a link that leads to itself'],
    ['a link to nothing', (path) => symlinkSync(join(folder, 'gone'), path), 'no such file'],
  ]
  it.runIf(posix).each(cases)('is refused at once: %s', async (_, make, reason) => {
    const path = join(folder, 'it')
    make(path)
    const refusal = { kind: 'file', received: reason, message: expect.stringContaining(path) }
    await expect(readRegularFile(path, text)).rejects.toMatchObject(refusal)
    await expect(openRegularFile(path, 'a text')).rejects.toMatchObject(refusal)
    expect(() => readRegularFileSync(path, text)).toThrow()
  })

  it.runIf(posix)('is refused at once: a socket', async () => {
    const path = join(folder, 'socket')
    const server = createServer().listen(path)
    await new Promise((resolve) => server.once('listening', resolve))
    try {
      await expect(readRegularFile(path, text)).rejects.toMatchObject({ received: 'a socket, not a regular file' })
    } finally {
      server.close()
    }
  })
})

describe.runIf(process.platform === 'linux')('what the system shows as files', () => {
  it.each([
    '/proc/self/environ',
    '/proc/self/mem',
    '/proc/kcore',
    '/sys/kernel/notes',
    '/proc/self/root/proc/self/stat',
  ])('is refused at once, also by a link: %s', async (target) => {
    const path = join(folder, 'it')
    symlinkSync(target, path)
    await expect(openRegularFile(path, 'a text')).rejects.toMatchObject({
      kind: 'file',
      message: expect.stringContaining(path),
    })
    expect(() => readRegularFileSync(path, text)).toThrow()
    expect(isOfSystem(path)).toBe(existsSync(target))
  })

  it('is not what users have, nor memory that serves as a disk', async () => {
    expect(isOfSystem(folder)).toBe(false)
    expect(isOfSystem(join(folder, 'nowhere'))).toBe(false)
    if (existsSync('/dev/shm')) expect(isOfSystem('/dev/shm')).toBe(false)
    writeFileSync(join(folder, 'empty'), '')
    expect((await readRegularFile(join(folder, 'empty'), text)).length).toBe(0)
  })
})

describe('a regular file', () => {
  it('is read whole, or a part of it', async () => {
    const path = join(folder, 'a')
    writeFileSync(path, 'abc')
    expect((await readRegularFile(path, text)).toString()).toBe('abc')
    expect(readRegularFileSync(path, { ...text, offset: 1, length: 1 }).toString()).toBe('b')
  })

  it.skipIf(!posix)('is read by a link to it (Windows lets only a few make links)', async () => {
    writeFileSync(join(folder, 'a'), 'abc')
    symlinkSync(join(folder, 'a'), join(folder, 'link'))
    expect((await readRegularFile(join(folder, 'link'), text)).toString()).toBe('abc')
  })

  it('of more bytes than can be meant is refused before memory is taken', async () => {
    const path = join(folder, 'sparse')
    writeFileSync(path, '')
    truncateSync(path, 2 ** 40)
    const before = process.memoryUsage().rss
    await expect(readRegularFile(path, text)).rejects.toMatchObject({
      kind: 'file',
      expected: 'a text of at most 1000 bytes',
      received: `${2 ** 40} bytes`,
    })
    expect(() => readRegularFileSync(path, text)).toThrow('more than 1000')
    expect(process.memoryUsage().rss - before).toBeLessThan(2 ** 26)
  })

  it('is not read beyond its end, nor is memory taken for that', () => {
    const path = join(folder, 'short')
    writeFileSync(path, 'abc')
    expect(() => readRegularFileSync(path, { offset: 1, length: 2 ** 34, mostBytes: 2 ** 35 })).toThrow('2 of')
    expect(() => readRegularFileSync(path, { offset: 9, mostBytes: 100 })).toThrow('empty')
  })
})
