import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { smallRun } from './testing/convzoo.js'
import { Project } from './testing/project.js'

const { folder, convzoo } = new Project('runs')

beforeAll(() => {
  expect(convzoo(...smallRun('runs/slow', '--learning-rate', '0.0001')).status).toBe(0)
  expect(convzoo(...smallRun('runs/quick', '--learning-rate', '0.01')).status).toBe(0)
  mkdirSync(join(folder, 'runs/notes'))
})

describe('runs', () => {
  it('are listed beside each other, and what is none is told of', () => {
    const { status, stderr, lines } = convzoo('runs', '--sort', 'learningRate', '--descending')
    expect(status).toBe(0)
    expect(lines[0]).toMatch(
      /^run +network +data +optimizer +batch +state +epochs +loss +accuracy +time +size +changed$/,
    )
    expect(lines[1]).toMatch(/^quick +tiny\.only +mnist +adamW 0\.01 +4 +finished +1\/1 +\d+\.\d{4} +\d+\.\d\d % test /)
    expect(lines.slice(2).map((line) => line.split(' ')[0])).toEqual(['slow'])
    expect(stderr).toMatch(/^runs[\\/]notes is not listed: .*notes is not the folder of a run\./)
  })

  it('are JSON for programs, and a column that there is not is refused', () => {
    const rows = JSON.parse(convzoo('runs', 'runs', '--json').stdout)
    expect(rows).toMatchObject([
      { name: 'quick', state: 'finished', epoch: 1, steps: 3, split: 'test', metrics: { f1: expect.any(Number) } },
      { name: 'slow', learningRate: 0.0001 },
    ])
    const { status, stderr } = convzoo('runs', '--sort', 'colour')
    expect([status, stderr]).toEqual([2, expect.stringContaining('learningRate')])
  })
})
