import { beforeAll, describe, expect, it } from 'vitest'
import { reportOf } from './testing/fixture-report.js'

let told: Awaited<ReturnType<typeof reportOf>>
beforeAll(async () => {
  told = await reportOf('skips')
}, 120_000)

const statusesOf = (file: string) => Object.fromEntries(told(file).map(({ title, status }) => [title, status]))

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
