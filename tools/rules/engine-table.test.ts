import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { root, table } from '../engine-suites.mjs'

const folder = mkdtempSync(join(tmpdir(), 'convzoo-engine-table-'))
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 9 }))

/** A report of vitest. */
function reportOf(...tests: readonly (readonly [part: string, status: string])[]): string {
  const path = join(mkdtempSync(join(folder, 'report-')), 'report.json')
  const assertionResults = tests.map(([part, status]) => ({ ancestorTitles: ['engine mine on gpu', part], status }))
  writeFileSync(path, JSON.stringify({ testResults: [{ assertionResults }] }))
  return relative(root, path)
}

const former = `
| engine | device | primitives | state |
| --- | --- | --- | --- |
| mine | cpu | 3 of 3 | 1 of 1 |
| mine | gpu | 1 of 3 | 1 of 1 |
`

describe('the table of engine suites', () => {
  it('counts the tests of a report, and keeps the row of a suite that was not run here', () => {
    const path = reportOf(['primitives', 'passed'], ['primitives', 'failed'], ['training, SGDW', 'passed'])
    const reports = [
      { engine: 'mine', device: 'cpu', path: 'nowhere.json' },
      { engine: 'mine', device: 'gpu', path },
      { engine: 'mine', device: 'npu', path: 'nowhere.json' },
    ]
    const { text, kept } = table(former, reports)
    expect(text.split('\n')).toEqual([
      '| engine | device | primitives | state | training |',
      '| --- | --- | --- | --- | --- |',
      '| mine | cpu | 3 of 3 | 1 of 1 | not run |',
      '| mine | gpu | 1 of 2 | not run | 1 of 1 |',
      '| mine | npu | not run | not run | not run |',
    ])
    expect(kept).toEqual(['mine on cpu', 'mine on npu'])
  })
})
