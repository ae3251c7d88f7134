import { readFileSync, writeFileSync } from 'node:fs'
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
  it('does not stop one that a shell started by nohup and writes elsewhere', async () => {
    const script = 'nohup "$0" "$@" > log 2>&1'
    expect((await hangUp(folder, ['bash', '-c', script, ...trainingIn(folder)])).isFinished).toBe(true)
    expect(readFileSync(without('log'), 'utf8')).not.toContain('Stopping')
  })

  it.runIf(process.platform === 'linux')(
    'does not stop one that a script below nohup starts (Linux says who ignores signals)',
    async () => {
      writeFileSync(without('train.sh'), '#!/bin/sh\n"$@" > log 2>&1\nexit $?\n')
      expect(
        (await hangUp(folder, ['nohup', 'sh', without('train.sh'), ...trainingIn(folder)], { _: '/bin/sh' }))
          .isFinished,
      ).toBe(true)
      expect(readFileSync(without('log'), 'utf8')).not.toContain('Stopping')
    },
  )
})
