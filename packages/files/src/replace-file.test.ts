import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fileError } from './file-error.js'
import { makeFolder } from './make-folder.js'
import { openRegularFile } from './regular-file.js'
import { linkFile, removeUnfinished, replaceFile } from './replace-file.js'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'convzoo-files-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 9 }))

describe('linkFile', () => {
  it('keeps a file under another name, whatever becomes of the first one', async () => {
    const [first, second, best] = ['step-1', 'step-2', 'best'].map((name) => join(folder, name))
    if (first === undefined || second === undefined || best === undefined) throw new Error('There are three.')
    writeFileSync(first, 'one')
    await linkFile(first, best)
    await replaceFile(first, (file) => file.writeFile('another'))
    expect(readFileSync(best, 'utf8')).toBe('one')
    writeFileSync(second, 'two')
    // Twice, as a run that is resumed does.
    for (let time = 0; time < 2; time++) await linkFile(second, best)
    rmSync(second)
    expect(readFileSync(best, 'utf8')).toBe('two')
    await expect(linkFile(second, best)).rejects.toMatchObject({ kind: 'file' })
    expect(readdirSync(folder).filter((name) => name.startsWith('best'))).toEqual(['best'])
  })
})

describe('replaceFile', () => {
  it('replaces a file in one move', async () => {
    const path = join(folder, 'moved')
    writeFileSync(path, 'old')
    await replaceFile(path, async (file) => {
      await file.writeFile('new')
      expect(readFileSync(path, 'utf8')).toBe('old')
    })
    expect(readFileSync(path, 'utf8')).toBe('new')
  })

  it('may be asked for several times at once: each is whole, the last one to end stays', async () => {
    const path = join(folder, 'several')
    const texts = Array.from({ length: 8 }, (_, index) => String(index).repeat(1000))
    await Promise.all(texts.map((text) => replaceFile(path, (file) => file.writeFile(text))))
    expect(texts).toContain(readFileSync(path, 'utf8'))
    expect(readdirSync(folder).filter((name) => name.startsWith('several'))).toEqual(['several'])
  })

  it.each([undefined, null, '', 7, Symbol('a'), Object.create(null), ['a'], 'a\0b'])(
    'refuses a path that is none: %o',
    async (path) => {
      const refused = { kind: 'option', message: expect.stringContaining('"path"') }
      await expect(replaceFile(path as never, async () => undefined)).rejects.toMatchObject(refused)
      await expect(openRegularFile(path as never, 'a text')).rejects.toMatchObject(refused)
      await expect(makeFolder(path as never)).rejects.toMatchObject(refused)
    },
  )

  it('leaves the old file and nothing else if writing fails', async () => {
    const path = join(folder, 'kept')
    writeFileSync(path, 'old')
    const write = replaceFile(path, async (file) => {
      await file.writeFile('half of the n')
      throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })
    })
    await expect(write).rejects.toThrow(/kept cannot be written[\s\S]*no space left[\s\S]*make room/)
    expect(readFileSync(path, 'utf8')).toBe('old')
    expect(readdirSync(folder).filter((name) => name.startsWith('kept'))).toEqual(['kept'])
  })

  it('is what removeUnfinished cleans up after, and nothing else is', async () => {
    for (const name of ['a.json.99.tmp', 'a.json.99-0-7.tmp', 'notes.tmp', 'b.99.json'])
      writeFileSync(join(folder, name), '')
    await removeUnfinished(folder)
    expect(readdirSync(folder)).not.toContain('a.json.99.tmp')
    expect(readdirSync(folder)).not.toContain('a.json.99-0-7.tmp')
    expect(readdirSync(folder)).toEqual(expect.arrayContaining(['notes.tmp', 'b.99.json']))
    await removeUnfinished(join(folder, 'nowhere'))
  })
})

describe('fileError', () => {
  it('keeps an error of convzoo as it is', () => {
    const own = fileError('first', new Error('x'))
    expect(fileError('second', own)).toBe(own)
  })
})
