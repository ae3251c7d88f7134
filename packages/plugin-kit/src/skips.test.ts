import { execFile } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'

interface Report {
  readonly testResults: readonly {
    readonly name: string
    readonly assertionResults: readonly { readonly title: string; readonly status: string }[]
  }[]
}

const fixtures = fileURLToPath(new URL('./fixtures', import.meta.url))
const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs')

let report: Report = { testResults: [] }
beforeAll(async () => {
  const parameters = [vitest, 'run', '--config', join(fixtures, 'vitest.config.ts'), '--reporter=json']
  report = await new Promise((resolve) => {
    execFile(process.execPath, parameters, { cwd: fixtures }, (_, stdout) => resolve(JSON.parse(stdout)))
  })
}, 120_000)

function statusesOf(file: string) {
  const found = report.testResults.find(({ name }) => name.endsWith(`${file}.fixture.ts`))
  return Object.fromEntries(found?.assertionResults.map(({ title, status }) => [title, status]) ?? [])
}

const checked = 'skips only tests that there are, each for a reason'

describe('a skip', () => {
  it('skips what it names, by title or by group and title', () => {
    expect(statusesOf('matching')).toEqual({
      [checked]: 'passed',
      'fails too': 'skipped',
      fails: 'skipped',
      passes: 'passed',
    })
  })

  it('that names no test, or no reason, fails', () => {
    expect(statusesOf('unmatched')).toMatchObject({ [checked]: 'failed' })
  })
})

describe('describeArchitecture', () => {
  it('finds what is unfit', () => {
    const failed = Object.entries(statusesOf('unfit')).flatMap(([title, status]) =>
      status === 'failed' ? [title] : [],
    )
    expect(failed).toEqual([
      'has expected numbers only for tags that it has',
      'is found by its package.json',
      'shares core with its user, and stays in bundles',
      'is the same network each time it is built',
      'has the expected numbers',
      'has a gradient for every trainable weight',
      'learns 8 images by heart in 60 steps without dropout',
    ])
  })
})
