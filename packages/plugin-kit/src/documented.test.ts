import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
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

const cases = [
  { page: join(own, 'README.md'), title: 'README.md', beside: written },
  ...pages.map((page) => ({ page, title: basename(page), beside: [] })),
].map(({ page, title, beside }) => {
  const files = filesOf(page)
  return { title, tests: [...files.keys()].filter(isTest), files: [...beside, ...files] }
})

const tsconfig = {
  extends: '../../../../tools/tsconfig.base.json',
  compilerOptions: { resolveJsonModule: true, paths: { '@convzoo/plugin-kit': ['../../src/index.ts'] } },
  include: ['*/src'],
}

const config = `export default {
  resolve: { alias: { '@convzoo/plugin-kit': ${JSON.stringify(join(own, 'src/index.ts'))} } },
  test: { root: import.meta.dirname, testTimeout: 120_000 },
}
`

let folder = ''
/** What the compiler says of all pages, line by line. */
let said: readonly string[] = []
let report: Awaited<ReturnType<typeof vitestReport>> = []

/** A package for each page, in one folder: the compiler and vitest start once. */
beforeAll(async () => {
  mkdirSync(join(own, '.vitest'), { recursive: true })
  folder = mkdtempSync(join(own, '.vitest', 'documented-'))
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(tsconfig))
  writeFileSync(join(folder, 'vitest.config.mjs'), config)
  for (const { title, files } of cases) {
    cpSync(join(own, 'src/fixtures/documented'), join(folder, title), { recursive: true })
    for (const [path, code] of files) writeFileSync(join(folder, title, path), code)
  }
  const run = promisify(execFile)(process.execPath, [join(typescript, 'bin/tsc'), '-p', '.'], { cwd: folder })
  const output = await run.then(({ stdout }) => stdout).catch(({ stdout, message }) => String(stdout || message))
  said = output.split('\n').filter((line) => line !== '')
  report = await vitestReport(folder, ['--config', join(folder, 'vitest.config.mjs')])
}, 240_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe.each(cases)('$title', ({ title, tests }) => {
  it('shows code whose types fit', () => {
    const ofOthers = cases.filter((other) => other.title !== title).map((other) => `${other.title}/`)
    expect(said.filter((line) => !ofOthers.some((other) => line.startsWith(other)))).toEqual([])
  })

  it('shows tests that pass', () => {
    expect(tests.length).toBeGreaterThan(0)
    const reports = report.filter(({ name }) => name.includes(`/${title}/src/`))
    expect(reports.map(({ name }) => name.slice(name.lastIndexOf('/src/') + 1)).sort()).toEqual(tests.toSorted())
    for (const { name, message, assertionResults } of reports) {
      expect(assertionResults.length, `${name}: ${message}`).toBeGreaterThan(0)
      const failed = assertionResults.filter(({ status }) => status === 'failed')
      expect(failed.map(({ fullName, failureMessages }) => `${fullName}: ${failureMessages.join('\n')}`)).toEqual([])
    }
  })
})
