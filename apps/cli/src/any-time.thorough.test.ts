import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { Running, smallRun } from './testing/convzoo.js'
import { Project } from './testing/project.js'

const { folder, convzoo } = new Project('any-time')

const usesCheckpoint =
  /is not finished[^\n]*tiny\.only, step \d+, after \d+ whole epochs?, checkpoints[\\/]step-\d+\.safetensors/

describe('a run that is not finished', () => {
  it.skipIf(process.platform === 'win32')(
    'serves its newest checkpoint while it trains and once it was stopped, and says which (Windows has no signals to send)',
    async () => {
      const run = join(folder, 'run')
      const training = new Running(folder, ...smallRun(run, '--epochs', '4000'))
      await training.until(run, 8)
      while (!existsSync(join(run, 'curves.svg'))) await sleep(10)
      for (const parameters of [
        ['evaluate', run, '--limit', '10'],
        ['predict', run, '--index', '0-1'],
      ]) {
        const { status, stderr } = convzoo(...parameters)
        expect([status, stderr]).toEqual([0, expect.stringMatching(usesCheckpoint)])
      }
      training.kill('SIGINT')
      expect((await training.ended).code).toBe(130)
      expect(readFileSync(join(run, 'curves.svg'), 'utf8')).toContain('>accuracy<')
      expect(convzoo('predict', run).stderr).toMatch(usesCheckpoint)
      expect(convzoo('evaluate', run, '--limit', '10').stderr).toMatch(usesCheckpoint)
    },
  )

  it('says that it has no weights where it was ended before its first checkpoint', async () => {
    const run = join(folder, 'early')
    const training = new Running(folder, ...smallRun(run, '--limit', '40000'))
    await training.until(run, 0)
    training.kill('SIGKILL')
    await training.ended
    const { status, stderr } = convzoo('predict', run)
    expect([status, stderr]).toEqual([2, expect.stringMatching(/has no weights[\s\S]*first checkpoint/)])
  })

  it('serves its finished weights without a word when it is', () => {
    const run = join(folder, 'finished')
    expect(convzoo(...smallRun(run)).status).toBe(0)
    expect(convzoo('predict', run).stderr).toBe('')
  })
})
