import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { chunksOf } from './chunks.js'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'convzoo-chunks-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true, maxRetries: 9 }))

describe('chunksOf', () => {
  it('gives the bytes from a place to the end that the file had, in chunks of their own', async () => {
    const path = join(folder, 'a')
    writeFileSync(path, 'abcdefgh')
    const chunks: Buffer[] = []
    for await (const chunk of chunksOf(path, { expected: 'a text', offset: 1, chunkBytes: 3 })) {
      chunks.push(chunk)
      appendFileSync(path, 'more')
    }
    expect(chunks.map(String)).toEqual(['bcd', 'efg', 'h'])
  })

  it('refuses what is no file, and names it', async () => {
    await expect(chunksOf(folder, { expected: 'a text' }).next()).rejects.toMatchObject({
      kind: 'file',
      received: 'a folder, not a file',
      message: expect.stringContaining(folder),
    })
  })
})
