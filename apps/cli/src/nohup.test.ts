import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { hangUp, trainingIn } from './testing/hang-up.js'
import { Project } from './testing/project.js'

const project = new Project('nohup')
let folder = ''
beforeEach(() => {
  folder = project.place()
})

const without = (name: string): string => join(folder, name)

describe.skipIf(process.platform === 'win32')('a terminal that is closed (Windows has no nohup)', () => {
  it('stops a training that was not told to outlive it', async () => {
    const [node = '', ...parameters] = trainingIn(folder)
    // Elsewhere than where nohup writes.
    const quiet = ['sh', '-c', '"$0" "$@" > log 2>&1', node, ...parameters]
    expect((await hangUp(folder, quiet)).isFinished).toBe(false)
    expect(readFileSync(without('log'), 'utf8')).toContain('Stopping after this step')
  })

  it('does not stop one that writes where nohup lets it', async () => {
    const { isFinished, log } = await hangUp(folder, ['nohup', ...trainingIn(folder)])
    expect([isFinished, log]).toEqual([true, expect.not.stringContaining('Stopping')])
  })
})
