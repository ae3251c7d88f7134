import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { refusing, takenFor } from '../../../../tools/system-faults.mjs'
import { dataset, trainer } from '../testing/brighter.js'
import { RunFolder } from './run-folder.js'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'convzoo-held-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true, maxRetries: 9 }))

const stepsIn = (run: RunFolder): readonly string[] =>
  readdirSync(join(run.path, 'checkpoints')).map((name) => name.replace(/\D/g, '').replace(/^0+/, ''))

describe('a run folder whose files another program holds', () => {
  it('keeps an old checkpoint for as long as it is read, and removes it with the next', async () => {
    const run = await RunFolder.create(join(folder, 'read'), {})
    await using trained = trainer([], 1, {
      callbacks: [{ onEpoch: async () => void (await run.writeCheckpoint(trained)) }],
    })
    {
      using _ = takenFor('win32')
      using fault = refusing('rm', { code: 'EBUSY', times: Number.POSITIVE_INFINITY, path: /step-/ })
      await trained.fit(dataset(), { epochs: 4, batchSize: 4 })
      expect(fault.met.length).toBeGreaterThan(0)
      expect(stepsIn(run)).toHaveLength(4)
    }
    await run.writeCheckpoint(trained)
    expect(stepsIn(run)).toHaveLength(2)
  })

  it.each(['aux', 'NUL.run', 'first.', 'com1/run'])(
    'is not made under a name that Windows has for something else: %s',
    async (name) => {
      using _ = takenFor('win32')
      await expect(RunFolder.create(join(folder, name), {})).rejects.toMatchObject({
        kind: 'file',
        message: expect.stringContaining(name.split('/')[0] ?? ''),
        hint: 'choose another name',
      })
      expect(readdirSync(folder)).toEqual([])
    },
  )

  it('takes, holds and gives back its lock once its file is free', async () => {
    const run = await RunFolder.create(join(folder, 'locked'), {})
    using _ = takenFor('win32')
    using rename = refusing('rename', { code: 'EPERM', times: 4 })
    using rm = refusing('rm', { code: 'EPERM', times: 4 })
    {
      await using lock = await run.lock()
      expect(lock).toBeDefined()
      await expect(run.lock()).rejects.toMatchObject({ kind: 'state' })
    }
    expect(readdirSync(run.path)).toEqual(['config.json'])
    expect([rename.met.length, rm.met.length]).toEqual([4, 12])
  })
})
