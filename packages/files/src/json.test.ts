import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseJson } from './json.js'
import { readJsonFile } from './read-json-file.js'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'convzoo-json-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true, maxRetries: 9 }))

describe('parseJson', () => {
  it('refuses what is nested deeper than 64 before it is parsed', () => {
    const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth)
    expect(parseJson(nested(64))).toHaveLength(1)
    expect(() => parseJson(nested(65))).toThrow('JSON nested more than 64 deep')
    expect(() => parseJson('{"a":'.repeat(1e6))).toThrow('nested')
    const before = process.memoryUsage().rss
    expect(() => parseJson('['.repeat(5e7))).toThrow('nested')
    expect(process.memoryUsage().rss - before).toBeLessThan(2 ** 28)
  })

  it('counts no brackets in texts', () => {
    expect(parseJson(JSON.stringify({ a: '['.repeat(100), b: '\\"['.repeat(100) }))).toHaveProperty('a')
  })

  it('says that a text is not JSON without quoting it', () => {
    expect(() => parseJson('\u001b[2J')).toThrow(/^not JSON$/)
  })
})

describe('readJsonFile', () => {
  const options = { expected: 'the notes of a run', mostBytes: 1000 }

  it('reads an object, behind a byte order mark too', async () => {
    const path = join(folder, 'a.json')
    writeFileSync(path, '\ufeff{"a": 1, "__proto__": {"b": 2}}')
    const value = await readJsonFile(path, options)
    expect(Object.keys(value)).toEqual(['a', '__proto__'])
  })

  it('says that a text is in UTF-16', async () => {
    const path = join(folder, 'wide.json')
    writeFileSync(path, Buffer.from('\ufeff{"a": 1}', 'utf16le'))
    await expect(readJsonFile(path, options)).rejects.toMatchObject({
      kind: 'file',
      received: 'UTF-16',
      hint: expect.stringContaining('save it as UTF-8'),
    })
  })

  it.each([
    ['', 'an empty file'],
    ['{"a": 1', 'not JSON'],
    ['[1]', 'JSON that is no object'],
    ['null', 'JSON that is no object'],
    ['[['.repeat(40), 'JSON nested more than 64 deep'],
  ])('refuses %j and names the file', async (content, received) => {
    const path = join(folder, 'b.json')
    writeFileSync(path, content)
    await expect(readJsonFile(path, options)).rejects.toMatchObject({
      kind: 'file',
      message: expect.stringContaining(path),
      expected: 'the notes of a run',
      received,
    })
  })
})
