import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { vitestReport } from './testing/fixture-report.js'

const own = fileURLToPath(new URL('..', import.meta.url))
const guides = fileURLToPath(new URL('../../../docs/guides', import.meta.url))
const typescript = dirname(createRequire(import.meta.url).resolve('typescript/package.json'))

/** The files that a page shows: blocks of TypeScript that begin with their path. */
function filesOf(page: string): ReadonlyMap<string, string> {
  const blocks = [...readFileSync(page, 'utf8').matchAll(/^```ts\n\/\/ (\S+)\n(.*?)^```$/gms)]
  return new Map(blocks.map(([, path = '', code = '']) => [path, code]))
}

const isTest = (path: string): boolean => path.endsWith('.test.ts')
const pages = ['optimizer', 'loss', 'layer', 'dataset'].map((name) => join(guides, `${name}.md`))
const written = pages.flatMap((page) => [...filesOf(page)].filter(([path]) => !isTest(path)))

const tsconfig = {
  extends: '../../../../tools/tsconfig.base.json',
  compilerOptions: { resolveJsonModule: true, paths: { '@convzoo/plugin-kit': ['../../src/index.ts'] } },
  include: ['src'],
}

const config = `export default {
  resolve: { alias: { '@convzoo/plugin-kit': ${JSON.stringify(join(own, 'src/index.ts'))} } },
  test: { root: import.meta.dirname, testTimeout: 120_000 },
}
`

describe.each([
  { page: join(own, 'README.md'), title: 'the README', beside: written },
  ...pages.map((page) => ({ page, title: page.slice(guides.length + 1), beside: [] })),
])('$title', ({ page, beside }) => {
  const files = filesOf(page)
  let folder = ''

  beforeAll(() => {
    mkdirSync(join(own, '.vitest'), { recursive: true })
    folder = mkdtempSync(join(own, '.vitest', 'documented-'))
    cpSync(join(own, 'src/fixtures/documented'), folder, { recursive: true })
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(tsconfig))
    writeFileSync(join(folder, 'vitest.config.mjs'), config)
    for (const [path, code] of [...beside, ...files]) writeFileSync(join(folder, path), code)
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('shows code whose types fit', async () => {
    const run = promisify(execFile)(process.execPath, [join(typescript, 'bin/tsc'), '-p', folder])
    const told = await run.then(({ stdout }) => stdout).catch(({ stdout }) => String(stdout))
    expect(told).toBe('')
  }, 240_000)

  it('shows tests that pass', async () => {
    const shown = [...files.keys()].filter(isTest)
    expect(shown.length).toBeGreaterThan(0)
    const report = await vitestReport(folder, ['--config', join(folder, 'vitest.config.mjs')])
    expect(report.map(({ name }) => name.slice(name.lastIndexOf('/src/') + 1)).sort()).toEqual(shown.sort())
    for (const { name, message, assertionResults } of report) {
      expect(assertionResults.length, `${name}: ${message}`).toBeGreaterThan(0)
      const failed = assertionResults.filter(({ status }) => status === 'failed')
      expect(failed.map(({ fullName, failureMessages }) => `${fullName}: ${failureMessages.join('\n')}`)).toEqual([])
    }
  }, 240_000)
})
