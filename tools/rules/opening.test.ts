import { existsSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { namesFromNode, type Source, sourcesOf } from './source.js'

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

/** The package that opens files, so that a pipe, a device or a file of impossible size is refused wherever one may be given. */
const opener = 'packages/files'

/** What opens a file for reading. */
const opening =
  /^(?:node:)?fs(?:\/promises)? (?:\*|promises|open|openSync|openAsBlob|readFile|readFileSync|createReadStream)$/

/** What changes a file, and is refused on Windows for as long as another program has the file open: @convzoo/files waits for that. */
const changing =
  /^(?:node:)?fs(?:\/promises)? (?:(?:rename|rm|rmdir|unlink|writeFile|appendFile|truncate|ftruncate|copyFile|cp)(?:Sync)?|createWriteStream)$/

/** Files that open others all the same, and why they may. */
const exceptions: ReadonlyMap<string, string> = new Map([
  [
    'packages/create-architecture/src/create.ts',
    'reads its own template and writes new files, and knows no package but Node',
  ],
  ['packages/visualize/src/raster/png.ts', 'reads a font and a module that are installed with it'],
  ['apps/cli/src/terminal/nohup.ts', 'reads what Linux says of a process, in files that have no size'],
  ['packages/trainer/src/run/process-identity.ts', 'reads what Linux says of a process, in files that have no size'],
  // To be moved to @convzoo/files.
  ['packages/data/src/sources/manifest.ts', 'reads lines'],
])

const isShipped = ({ isTest, name }: Source): boolean => !isTest && !name.startsWith('src/testing/')

const found = ['packages', 'apps']
  .flatMap((group) => readdirSync(join(root, group)).map((name) => `${group}/${name}`))
  .filter((folder) => folder !== opener && existsSync(join(root, folder, 'src')))
  .flatMap((folder) =>
    sourcesOf(join(root, folder))
      .filter(isShipped)
      .flatMap((source) =>
        namesFromNode(source)
          .filter((each) => opening.test(each) || changing.test(each))
          .map((each) => ({ file: `${folder}/${source.name}`, what: each })),
      ),
  )

describe('files from outside', () => {
  it('are opened and changed by one package alone', () => {
    expect(found.filter(({ file }) => !exceptions.has(file))).toEqual([])
  })

  it.each([
    [`import { readFileSync } from 'node:fs'`, true],
    [`import { open as openFile } from 'fs/promises'`, true],
    [`import * as fs from 'node:fs'`, true],
    [`import fs from 'fs'`, true],
    [`import { promises } from 'node:fs'`, true],
    [`const fs = await import('node:fs')`, true],
    [`const fs = process.getBuiltinModule('node:fs')`, true],
    [`import { stat, writeFile } from 'node:fs/promises'`, false],
    [`import { open } from './open.js'`, false],
  ])('are found to be opened: %s', (text, expected) => {
    const source = { path: 'x.ts', name: 'src/x.ts', text, isTest: false }
    expect(namesFromNode(source).some((each) => opening.test(each))).toBe(expected)
  })

  it.each([
    [`import { rename } from 'node:fs/promises'`, true],
    [`import { rmSync as remove } from 'fs'`, true],
    [`import { createWriteStream } from 'node:fs'`, true],
    [`import { mkdir, stat, statfs } from 'node:fs/promises'`, false],
    [`import { renameFile } from '@convzoo/files'`, false],
  ])('are found to be changed: %s', (text, expected) => {
    const source = { path: 'x.ts', name: 'src/x.ts', text, isTest: false }
    expect(namesFromNode(source).some((each) => changing.test(each))).toBe(expected)
  })
})
