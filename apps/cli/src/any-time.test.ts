import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { convzoo, Running, smallRun } from './testing/convzoo.js'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'convzoo-any-time-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 9 }))

const usesCheckpoint =
  /is not finished[^\n]*nin\.notebook, step \d+, after \d+ whole epochs?, checkpoints[\\/]step-\d+\.safetensors/

describe('a run that is not finished', () => {
  it.skipIf(process.platform === 'win32')(
    'serves its newest checkpoint while it trains and once it was stopped, and says which (Windows has no signals to send)',
    async () => {
      const run = join(folder, 'run')
      const training = new Running(...smallRun(run, '--epochs', '400'))
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
    120_000,
  )

  it('says that it has no weights where it was ended before its first checkpoint', async () => {
    const run = join(folder, 'early')
    const training = new Running(...smallRun(run, '--limit', '4000'))
    await training.until(run, 0)
    training.kill('SIGKILL')
    await training.ended
    const { status, stderr } = convzoo('predict', run)
    expect([status, stderr]).toEqual([2, expect.stringMatching(/has no weights[\s\S]*first checkpoint/)])
  }, 60_000)

  it('serves its finished weights without a word when it is', () => {
    const run = join(folder, 'finished')
    expect(convzoo(...smallRun(run)).status).toBe(0)
    expect(convzoo('predict', run).stderr).toBe('')
  }, 60_000)
})
