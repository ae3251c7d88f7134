import { existsSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { circlesIn } from './circles.js'
import { type Source, sourcesOf } from './source.js'

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
const folders = ['packages', 'apps']
  .flatMap((group) => readdirSync(join(root, group)).map((name) => `${group}/${name}`))
  .filter((folder) => existsSync(join(root, folder, 'src')))

const packageOf = (files: Readonly<Record<string, string>>): Source[] =>
  Object.entries(files).map(([name, text]) => ({ path: name, name: `src/${name}`, text, isTest: false }))

describe('files', () => {
  it.each(folders)('import each other in no loop, for types or values: %s', (folder) => {
    expect(circlesIn(sourcesOf(join(root, folder)).filter(({ isTest }) => !isTest))).toEqual([])
  })

  it.each([
    [
      { 'a.ts': "import { b } from './b.js'\nexport const a = b", 'b.ts': "import type { A } from './a.js'" },
      [['src/a.ts', 'src/b.ts']],
    ],
    [
      {
        'a.ts': "import { b } from './rooms/index.js'\nexport interface A {}",
        'rooms/index.ts': "export * from './b.js'\nexport { c } from './c.js'",
        'rooms/b.ts': "import type { A } from '../a.js'\nexport const b = 1",
        'rooms/c.ts': 'export const c = 1',
      },
      [['src/a.ts', 'src/rooms/b.ts']],
    ],
    [
      {
        'a.ts': "import { c } from './rooms/index.js'\nexport interface A {}",
        'rooms/index.ts': "export * from './b.js'\nexport { c } from './c.js'",
        'rooms/b.ts': "import type { A } from '../a.js'\nexport const b = 1",
        'rooms/c.ts': 'export const c = 1',
      },
      [],
    ],
    [
      {
        'a.ts': "export const a = () => import('./b.js')\nexport interface A {}",
        'b.ts': "import type { A } from './a.js'",
      },
      [['src/a.ts', 'src/b.ts']],
    ],
    [
      { 'a.ts': "export type A = import('./b.js').B", 'b.ts': "import { A } from './a.js'" },
      [['src/a.ts', 'src/b.ts']],
    ],
  ])('are found to do so, through the face of a folder, too: %#', (files, expected) => {
    expect(circlesIn(packageOf(files))).toEqual(expected)
  })
})
