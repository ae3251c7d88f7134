import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { smallRun } from './testing/convzoo.js'
import { Project } from './testing/project.js'

const { folder, convzoo } = new Project('trials')
const run = join(folder, 'run')

describe('train --dry-run', () => {
  it('says what the run would take, and leaves nothing', () => {
    const { status, lines } = convzoo(...smallRun(run, '--epochs', '7', '--dry-run'))
    expect(status).toBe(0)
    expect(lines.at(-1)).toMatch(/^nothing was kept; the run takes 21 steps in 7 epochs: [\d.]+/)
    for (const name of ['engine', 'step', 'epoch', 'test', 'checkpoint', 'memory', 'disk']) {
      expect(lines.some((line) => line.startsWith(name))).toBe(true)
    }
    expect(existsSync(run)).toBe(false)
  })
})

describe('train --find-learning-rate', () => {
  it('suggests a rate in the last line, and draws the losses', () => {
    const picture = join(folder, 'rates.svg')
    const { status, stderr, lines } = convzoo(...smallRun(run, '--find-learning-rate', picture))
    expect(status).toBe(0)
    expect(lines.at(-1)).toMatch(/^suggested: --learning-rate [\d.e-]+$|^no learning rate is suggested/)
    expect(stderr).toContain(picture)
    expect(readFileSync(picture, 'utf8')).toMatch(/^<svg /)
    expect(existsSync(run)).toBe(false)
  })

  it('does not go with --resume', () => {
    const { status, stderr } = convzoo('train', '--resume', run, '--dry-run')
    expect([status, stderr]).toEqual([2, expect.stringContaining('no --dry-run beside --resume')])
  })
})
