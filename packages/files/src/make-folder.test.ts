import { existsSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { takenFor } from '../../../tools/system-faults.mjs'
import { makeFolder } from './make-folder.js'
import { replaceFile } from './replace-file.js'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'convzoo-make-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true, maxRetries: 9 }))

describe('makeFolder', () => {
  it('makes what is missing, also when others make it at the same time', async () => {
    const path = join(folder, 'a/b/c')
    await Promise.all(Array.from({ length: 8 }, () => makeFolder(path)))
    expect(statSync(path).isDirectory()).toBe(true)
    await makeFolder(path)
  })

  it.runIf(process.platform === 'linux')('refuses at once what the system does not let be made', async () => {
    for (const path of ['/proc/nowhere/convzoo', '/proc/self/convzoo', '/dev/null/convzoo']) {
      await expect(makeFolder(path)).rejects.toMatchObject({
        kind: 'file',
        sentence: `The folder ${path} cannot be made.`,
      })
    }
    await expect(replaceFile('/proc/nowhere/a.json', async () => undefined)).rejects.toMatchObject({ kind: 'file' })
  })

  it.runIf(process.platform !== 'win32')('refuses a place where a file or a link to nothing is', async () => {
    writeFileSync(join(folder, 'file'), '')
    symlinkSync(join(folder, 'gone'), join(folder, 'link'))
    for (const name of ['file', 'file/below', 'link', 'link/below']) {
      await expect(makeFolder(join(folder, name))).rejects.toMatchObject({ kind: 'file' })
    }
    expect(existsSync(join(folder, 'gone'))).toBe(false)
  })
})

describe('a name that Windows has for something else', () => {
  it.each(['aux', 'con.json', 'LPT1.txt', 'dot.', 'space '])(
    'is refused there before anything is made: %j',
    async (name) => {
      using _ = takenFor('win32')
      const refusal = { kind: 'file', received: expect.stringContaining(name), hint: 'choose another name' }
      await expect(makeFolder(join(folder, 'a', name))).rejects.toMatchObject(refusal)
      await expect(replaceFile(join(folder, 'a', name), async () => undefined)).rejects.toMatchObject(refusal)
      expect(existsSync(join(folder, 'a'))).toBe(false)
    },
  )

  it('is a name like any other elsewhere, and so are those that only look like it', async () => {
    {
      using _ = takenFor('win32')
      await makeFolder(join(folder, 'auxiliary', '.hidden', 'com', 'null.d', '..', 'x'))
    }
    using _ = takenFor('linux')
    await makeFolder(join(folder, 'aux'))
  })
})
