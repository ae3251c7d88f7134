import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { refusing, takenFor } from '../../../tools/system-faults.mjs'
import { openForWriting, putFileSync, removeFile, removeFolder, renameFile, renameFileSync } from './changing.js'
import { readRegularFile, readRegularFileSync } from './regular-file.js'
import { removeUnfinished, replaceFile } from './replace-file.js'

let folder = ''
let path = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'convzoo-changing-'))
  path = join(folder, 'a')
  writeFileSync(path, 'old')
})
afterEach(() => rmSync(folder, { recursive: true, force: true, maxRetries: 9 }))

const text = { expected: 'a text', mostBytes: 1000 }
const write = (): Promise<void> => replaceFile(path, (file) => file.writeFile('new'))

describe('a file that another program holds on Windows', () => {
  it.each(['EPERM', 'EACCES', 'EBUSY'])('is replaced once it is free: rename gives %s', async (code) => {
    using _ = takenFor('win32')
    using fault = refusing('rename', { code, times: 6 })
    await write()
    expect([readFileSync(path, 'utf8'), readdirSync(folder), fault.met.length]).toEqual(['new', ['a'], 6])
  })

  it.each(['EPERM', 'EBUSY'])('is written, renamed and removed once it is free: %s', async (code) => {
    using _ = takenFor('win32')
    using rename = refusing('rename', { code, times: 5 })
    using open = refusing('open', { code, times: 5 })
    using put = refusing('writeFile', { code, times: 5 })
    using rm = refusing('rm', { code, times: 5 })
    await renameFile(path, `${path}1`)
    renameFileSync(`${path}1`, `${path}2`)
    await (await openForWriting(path)).close()
    putFileSync(join(folder, 'b'), 'b')
    await removeFile(`${path}2`)
    await removeFolder(join(folder, 'b'))
    expect(readdirSync(folder)).toEqual(['a'])
    expect([rename, open, put, rm].map(({ met }) => met.length)).toEqual([10, 5, 5, 10])
  })

  it('is read once it is free', async () => {
    using _ = takenFor('win32')
    using fault = refusing('open', { code: 'EBUSY', times: 4 })
    expect((await readRegularFile(path, text)).toString()).toBe('old')
    using again = refusing('open', { code: 'EBUSY', times: 4 })
    expect(readRegularFileSync(path, text).toString()).toBe('old')
    expect([fault.met.length, again.met.length]).toEqual([4, 4])
  })

  it('for ever stays what it was, and the error names it, the code and the hint', async () => {
    using _ = takenFor('win32')
    using fault = refusing('rename', { code: 'EPERM', times: Number.POSITIVE_INFINITY })
    await expect(write()).rejects.toMatchObject({
      kind: 'file',
      sentence: `${path} cannot be written.`,
      received: expect.stringMatching(/^EPERM: /),
      hint: expect.stringMatching(/permissions.*close the program that has it open.*virus scanners/),
    })
    expect([readFileSync(path, 'utf8'), readdirSync(folder)]).toEqual(['old', ['a']])
    expect(fault.met.length).toBeGreaterThan(20)
  }, 60_000)

  it('for ever is no obstacle where it is only left over', async () => {
    using _ = takenFor('win32')
    using fault = refusing('rm', { code: 'EBUSY', times: Number.POSITIVE_INFINITY })
    const left = join(folder, 'config.json.99.tmp')
    writeFileSync(left, '')
    await removeUnfinished(folder)
    expect([existsSync(left), fault.met]).toEqual([true, [left]])
  })
})

describe('elsewhere', () => {
  it.each(['EPERM', 'EACCES'])('%s is what it says, and tried a few times only', async (code) => {
    using _ = takenFor('linux')
    using fault = refusing('rename', { code, times: Number.POSITIVE_INFINITY })
    await expect(write()).rejects.toMatchObject({ kind: 'file', hint: 'check the path and the permissions' })
    expect(fault.met.length).toBeLessThan(5)
    expect(readdirSync(folder)).toEqual(['a'])
  })

  it('a disk of another system that refuses for a moment is waited for', async () => {
    using _ = takenFor('linux')
    using fault = refusing('rename', { code: 'EBUSY', times: 2 })
    await write()
    expect([readFileSync(path, 'utf8'), fault.met.length]).toEqual(['new', 2])
  })

  it('a fault that does not pass is not waited for', async () => {
    using _ = takenFor('win32')
    using fault = refusing('rename', { code: 'ENOSPC', times: Number.POSITIVE_INFINITY })
    await expect(write()).rejects.toMatchObject({ hint: expect.stringMatching(/make room/) })
    expect(fault.met).toHaveLength(1)
  })
})
