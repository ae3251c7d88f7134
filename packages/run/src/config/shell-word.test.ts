import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { takenFor } from '../../../../tools/system-faults.mjs'
import { shellWord } from './shell-word.js'

describe('a path in a command to paste', () => {
  it('is plain where it can be, and quoted for cmd and PowerShell with its backslashes as they are', () => {
    using _ = takenFor('win32')
    expect(['C:\\USERS~1\\first', 'C:\\my runs\\first'].map(shellWord)).toEqual([
      'C:\\USERS~1\\first',
      '"C:\\my runs\\first"',
    ])
  })

  it.skipIf(process.platform === 'win32')('reaches a program as it is (through sh, which Windows has not)', () => {
    for (const path of ['runs/first', 'my runs/1', 'a"b', "it's", '$HOME', '`ls`', 'a\\b', "'$x'"]) {
      expect(execFileSync('sh', ['-c', `printf %s ${shellWord(path)}`], { encoding: 'utf8' })).toBe(path)
    }
  })
})
