import { appendFileSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Line, linesOf } from './lines.js'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'convzoo-lines-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true, maxRetries: 9 }))

async function linesIn(content: string | Buffer, longestLine?: number): Promise<Line[]> {
  const path = join(folder, 'lines')
  writeFileSync(path, content)
  const found: Line[] = []
  for await (const line of linesOf(path, {
    expected: 'lines',
    ...(longestLine === undefined ? {} : { longestLine }),
  })) {
    found.push(line)
  }
  return found
}

describe('linesOf', () => {
  it('gives each line with its number, where it ends, and whether it has an end', async () => {
    expect(await linesIn('\ufeffä\r\n\nb')).toEqual([
      { text: 'ä', number: 1, end: 7, isEnded: true },
      { text: '', number: 2, end: 8, isEnded: true },
      { text: 'b', number: 3, end: 9, isEnded: false },
    ])
    expect(await linesIn('')).toEqual([])
    expect(await linesIn('a\n')).toHaveLength(1)
  })

  it('begins with a line within the file', async () => {
    const path = join(folder, 'lines')
    writeFileSync(path, 'ab\ncd\nef')
    const found: Line[] = []
    for await (const line of linesOf(path, { expected: 'lines', start: 3 })) found.push(line)
    expect(found.map(({ text, end, isEnded }) => [text, end, isEnded])).toEqual([
      ['cd', 6, true],
      ['ef', 8, false],
    ])
  })

  it('joins lines that lie in several reads of the file', async () => {
    const lines = Array.from({ length: 5000 }, (_, index) => 'ä'.repeat(index % 97) + index)
    expect((await linesIn(`${lines.join('\n')}\n`)).map(({ text }) => text)).toEqual(lines)
    const long = 'x'.repeat(300_000)
    expect((await linesIn(`a\n${long}\nb`)).map(({ text }) => text)).toEqual(['a', long, 'b'])
  })

  it('refuses a line that is too long, within bounded memory, and names it', async () => {
    await expect(linesIn(`a\n${'x'.repeat(101)}\n`, 100)).rejects.toMatchObject({
      kind: 'file',
      message: expect.stringMatching(/^Line 2 of .*lines is too long/),
    })
    const path = join(folder, 'sparse')
    writeFileSync(path, '')
    truncateSync(path, 2 ** 40)
    const before = process.memoryUsage().rss
    await expect(linesOf(path, { expected: 'lines' }).next()).rejects.toMatchObject({ kind: 'file' })
    expect(process.memoryUsage().rss - before).toBeLessThan(2 ** 26)
  })

  it.each(['UTF-16', 'UTF-32'] as const)(
    'refuses a text in %s, with or without a mark and in either order',
    async (encoding) => {
      const width = encoding === 'UTF-16' ? 2 : 4
      for (const text of ['{"a": 1}\n', '\ufeff{"a": 1}\n']) {
        const little = Buffer.alloc(text.length * width)
        for (let at = 0; at < text.length; at++) little.writeUInt16LE(text.charCodeAt(at), at * width)
        const big = width === 2 ? Buffer.from(little).swap16() : Buffer.from(little).swap32()
        for (const bytes of [little, big]) {
          await expect(linesIn(bytes)).rejects.toMatchObject({
            kind: 'file',
            sentence: `${join(folder, 'lines')} cannot be read: it is a text in ${encoding}.`,
            expected: 'lines, in UTF-8',
          })
        }
      }
    },
  )

  it('ends where the file ended when it was opened, though it grows', async () => {
    const path = join(folder, 'growing')
    writeFileSync(path, 'a\nb\n')
    const seen: string[] = []
    for await (const { text } of linesOf(path, { expected: 'lines' })) {
      seen.push(text)
      appendFileSync(path, 'more\n')
    }
    expect(seen).toEqual(['a', 'b'])
  })
})
