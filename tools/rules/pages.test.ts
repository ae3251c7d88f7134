import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { pagesIn } from './pages.js'
import { sourcesOf } from './source.js'

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

/** Declarations of a page's programs that Node.js 20 cannot parse. */
const usingIn = (page: string): readonly string[] =>
  [...page.matchAll(/^ *```(?:js|mjs|ts|mts|javascript|typescript)\n([\s\S]*?)^ *```/gm)].flatMap(([, code = '']) =>
    code.split('\n').filter((line) => /^\s*(?:await )?using\s+\w+\s*=/.test(line)),
  )

describe('programs of pages', () => {
  it('declare nothing by `using`, which Node.js 20 does not parse', () => {
    const pages = pagesIn(root)
    expect(pages.length).toBeGreaterThan(20)
    const found = pages.flatMap((path) =>
      usingIn(readFileSync(join(root, path), 'utf8')).map((line) => `${path}: ${line.trim()}`),
    )
    expect(found).toEqual([])
  })

  it('declare nothing by `using` in the examples of doc comments either', () => {
    const packages = ['packages', 'apps'].flatMap((group) =>
      readdirSync(join(root, group)).map((name) => join(root, group, name)),
    )
    const sources = packages.flatMap(sourcesOf)
    expect(sources.length).toBeGreaterThan(300)
    const found = sources.flatMap(({ path, text }) =>
      text
        .split('\n')
        .flatMap((line) => (/^\s*\*\s+(?:await )?using\s+\w+\s*=/.test(line) ? [`${path}: ${line}`] : [])),
    )
    expect(found).toEqual([])
  })

  it.each([
    ['```ts\nawait using a = b()\n```\n', 1],
    ['```js\n  using a = b()\n```\n', 1],
    ['```ts\nconst using = b()\n```\n', 0],
    ['By `await using a = b()`.\n', 0],
  ])('are told apart: %j', (page, count) => {
    expect(usingIn(page)).toHaveLength(count)
  })
})
