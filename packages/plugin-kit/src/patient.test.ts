import { expect, it } from 'vitest'
import { reportOf } from './testing/fixture-report.js'

it('a suite takes its time, however little its user gives a test', async () => {
  const told = await reportOf('hasty', ['--testTimeout=1'])
  expect(told('loss').filter(({ status }) => status !== 'passed')).toEqual([])
}, 120_000)
