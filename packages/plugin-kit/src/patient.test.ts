import { expect, it } from 'vitest'
import { reportOf } from './testing/fixture-report.js'

it('a suite takes its time, however little its user gives a test', async () => {
  const told = await reportOf('hasty', ['--testTimeout=1'])
  expect(told('loss').filter(({ status }) => status !== 'passed')).toEqual([])
}, 120_000)

it('the suite of an engine ends a test after the time that it is told, however much its user gives', async () => {
  const told = await reportOf('silent', ['--testTimeout=600000', '-t', 'repeats a step bit for bit'])
  const run = told('engine').filter(({ status }) => status !== 'skipped')
  expect(run.map(({ title, status }) => `${title}: ${status}`)).toEqual(['repeats a step bit for bit: failed'])
}, 120_000)
