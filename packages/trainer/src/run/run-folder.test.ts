import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dataset, trainer, weightsOf } from '../testing/brighter.js'
import type { Trainer } from '../trainer.js'
import { RunFolder } from './run-folder.js'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'convzoo-run-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const job = (epochs: number) => ({ epochs, batchSize: 4 })

/** Writes its steps down, with a checkpoint every second one. */
function recorded(run: () => RunFolder): Trainer {
  const trained: Trainer = trainer([], 1, {
    callbacks: [
      {
        onStep: async (record) => {
          await run().record(record)
          if (trained.position.step % 2 === 0) await run().writeCheckpoint(trained)
        },
        onEpoch: (record) => run().record(record),
      },
    ],
  })
  return trained
}

const lines = (run: RunFolder) =>
  readFileSync(join(run.path, 'metrics.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => {
      const { type, step, epoch } = JSON.parse(line)
      return type === 'step' ? `step ${step}` : `${type} ${epoch}`
    })

describe('RunFolder', () => {
  it('keeps the last two checkpoints and goes on from the newest, with neither double nor missing metrics', async () => {
    const run = await RunFolder.create(join(folder, 'first'), { any: 'thing' })
    await using trained = recorded(() => run)
    await trained.fit(dataset(), job(3))
    expect(readdirSync(join(run.path, 'checkpoints')).sort()).toEqual([
      'step-00000006.safetensors',
      'step-00000008.safetensors',
    ])
    appendFileSync(join(run.path, 'metrics.jsonl'), '{"type":"step","st')
    writeFileSync(join(run.path, 'checkpoints', 'step-00000010.safetensors.12345.tmp'), 'half of it')
    const opened = await RunFolder.open(run.path)
    await using resumed = recorded(() => opened)
    const { position, warnings } = await opened.resume(resumed)
    expect([position, warnings]).toEqual([{ step: 8, epoch: 2, sample: 8 }, []])
    expect(readdirSync(join(run.path, 'checkpoints'))).toHaveLength(2)
    await resumed.fit(dataset(), job(3))
    expect(lines(opened)).toEqual(
      [0, 1, 2].flatMap((epoch) => [...[0, 1, 2].map((step) => `step ${3 * epoch + step}`), `epoch ${epoch}`]),
    )
    expect(await weightsOf(resumed)).toEqual(await weightsOf(trained))
  })

  it('takes the checkpoint before one that is cut off, and says so', async () => {
    const run = await RunFolder.open(join(folder, 'first'))
    const [newest = '', older = ''] = await run.checkpoints()
    truncateSync(newest, 700)
    await using resumed = recorded(() => run)
    const { position, checkpoint, warnings } = await run.resume(resumed)
    expect([position.step, checkpoint]).toEqual([6, older])
    expect(warnings[0]).toMatch(/step-00000008[\s\S]*step-00000006\.safetensors is used instead/)
    truncateSync(older, 700)
    await expect(run.resume(resumed)).rejects.toThrow(/cannot be read/)
  })

  it('starts anew where there is no checkpoint', async () => {
    const run = await RunFolder.create(join(folder, 'fresh'), {})
    await run.record({ type: 'step', step: 0 })
    await using resumed = recorded(() => run)
    expect((await run.resume(resumed)).checkpoint).toBeUndefined()
    expect(readFileSync(join(run.path, 'metrics.jsonl'), 'utf8')).toBe('')
  })

  it('is made only where there is nothing, or what a killed process did not finish', async () => {
    await expect(RunFolder.create(join(folder, 'first'), {})).rejects.toThrow(/exists already/)
    const path = mkdtempSync(join(folder, 'killed-'))
    writeFileSync(join(path, 'config.json.12345.tmp'), '{')
    await expect(RunFolder.create(path, { fine: true })).resolves.toBeInstanceOf(RunFolder)
    writeFileSync(join(folder, 'file'), 'mine')
    await expect(RunFolder.create(join(folder, 'file', 'inside'), {})).rejects.toThrow(/cannot be used[\s\S]*ENOTDIR/)
    expect(readFileSync(join(folder, 'file'), 'utf8')).toBe('mine')
  })

  it('says what is wrong with its configuration', async () => {
    const run = await RunFolder.create(join(folder, 'damaged'), { a: 1 })
    truncateSync(join(run.path, 'config.json'), 4)
    await expect(RunFolder.open(run.path)).rejects.toThrow(/is not the folder of a run[\s\S]*config\.json/)
  })
})
