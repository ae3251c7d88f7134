import { spawnSync } from 'node:child_process'
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { NamedTensor } from '@convzoo/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Trainer } from '../node-trainer.js'
import { dataset, trainer, weightsOf } from '../testing/brighter.js'
import { rewriteMetadata, writeElement } from '../testing/damage.js'
import { RunFolder } from './run-folder.js'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'convzoo-run-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 9 }))

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

const firstStep = {
  type: 'step',
  step: 0,
  epoch: 0,
  samples: 4,
  loss: 1,
  learningRate: 0.1,
  weightDecay: 0,
  seconds: 1,
  waited: 0,
} as const

const lines = (run: RunFolder) =>
  readFileSync(join(run.path, 'metrics.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => {
      const { type, step, epoch } = JSON.parse(line)
      return type === 'step' ? `step ${step}` : `${type} ${epoch}`
    })

function makePipe(path: string): void {
  rmSync(path)
  spawnSync('mkfifo', [path])
}

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

  it('keeps as many checkpoints as it is told, and gives their weights, the oldest first', async () => {
    const run = await RunFolder.create(join(folder, 'kept'), { any: 'thing' })
    await using trained = trainer()
    for (let epochs = 1; epochs <= 4; epochs++) {
      await trained.fit(dataset(), job(epochs))
      await run.writeCheckpoint(trained, { keep: 3 })
    }
    const { weights, warnings } = await run.history()
    expect(warnings).toEqual([])
    expect(weights.map(({ epoch }) => epoch)).toEqual([2, 3, 4])
    const read = async (from: AsyncIterable<NamedTensor>): Promise<readonly (readonly [string, number[]])[]> => {
      const tensors: (readonly [string, number[]])[] = []
      for await (const { name, data } of from) tensors.push([name, [...data]])
      return tensors.toSorted(([a], [b]) => (a < b ? -1 : 1))
    }
    // Nothing of what the optimizer keeps.
    expect(await read(weights[2]?.readWeights() ?? trained.readState([]))).toEqual(await read(trained.readWeights()))
    expect(await read(weights[0]?.readWeights() ?? trained.readState([]))).not.toEqual(
      await read(trained.readWeights()),
    )
    truncateSync(weights[0]?.path ?? '', 100)
    const damaged = await run.history()
    expect([damaged.weights.length, damaged.warnings.length]).toEqual([2, 1])
  })

  const damages: readonly (readonly [string, (path: string) => void])[] = [
    ['cut off', (path: string) => truncateSync(path, 700)],
    ['not finite', (path: string) => writeElement(path, 'dense/kernel/velocity', 2, Number.NaN)],
    ['of a place where training cannot be', (path: string) => changeTrainer(path, { sample: 1e9 })],
    ['of another step than its name', (path: string) => changeTrainer(path, { step: 4 })],
  ]
  it.each(damages)('takes the checkpoint before one that is %s, says so, and keeps it from then on', takesTheOneBefore)

  it.skipIf(process.platform === 'win32')(
    'takes the checkpoint before one that is a pipe, says so, and keeps it from then on (Windows has no such files)',
    () => takesTheOneBefore('a pipe', (path) => makePipe(path)),
  )

  async function takesTheOneBefore(what: string, damage: (path: string) => void) {
    const run = await RunFolder.create(join(folder, what), {})
    await using trained = recorded(() => run)
    await trained.fit(dataset(), job(3))
    const [newest = '', older = ''] = await run.checkpoints()
    damage(newest)
    await using resumed = recorded(() => run)
    const { position, checkpoint, warnings } = await run.resume(resumed)
    expect([position.step, checkpoint]).toEqual([6, older])
    expect(warnings).toEqual([expect.stringMatching(/step-00000008[\s\S]*step-00000006\.safetensors is used instead/)])
    expect(lines(run).at(-1)).toBe('step 5')
    await run.writeCheckpoint(resumed)
    expect(await run.checkpoints()).toEqual([older])
    await resumed.fit(dataset(), job(3))
    expect(await weightsOf(resumed)).toEqual(await weightsOf(trained))
  }

  it('does not start anew where all checkpoints are damaged', async () => {
    const run = await RunFolder.create(join(folder, 'all damaged'), {})
    await using trained = recorded(() => run)
    await trained.fit(dataset(), job(2))
    for (const path of await run.checkpoints()) truncateSync(path, 700)
    const before = lines(run)
    await expect(run.resume(trained)).rejects.toThrow(/cannot be read/)
    expect(lines(run)).toEqual(before)
  })

  it('keeps the lines of the metrics behind a damaged one, and says so', async () => {
    const run = await RunFolder.create(join(folder, 'damaged metrics'), {})
    await using trained = recorded(() => run)
    await trained.fit(dataset(), job(3))
    const whole = lines(run)
    const path = join(run.path, 'metrics.jsonl')
    const text = readFileSync(path, 'utf8').split('\n')
    writeFileSync(path, text.with(2, text[2]?.slice(0, 9) ?? '').join('\n'))
    await using resumed = recorded(() => run)
    const { warnings } = await run.resume(resumed)
    expect(warnings).toEqual([
      expect.stringMatching(/metrics\.jsonl is damaged: line 3 .*metrics\.jsonl\.damaged-1\.$/),
    ])
    await resumed.fit(dataset(), job(3))
    expect(lines(run)).toEqual(whole.toSpliced(2, 1))
  })

  it('starts anew where there is no checkpoint', async () => {
    const run = await RunFolder.create(join(folder, 'fresh'), {})
    await run.record(firstStep)
    await using resumed = recorded(() => run)
    expect((await run.resume(resumed)).checkpoint).toBeUndefined()
    expect(readFileSync(join(run.path, 'metrics.jsonl'), 'utf8')).toBe('')
  })

  it('is made only where there is nothing, or what a killed process did not finish', async () => {
    const made = await RunFolder.create(join(folder, 'made'), {})
    await expect(RunFolder.create(made.path, {})).rejects.toThrow(/exists already/)
    const path = mkdtempSync(join(folder, 'killed-'))
    writeFileSync(join(path, 'config.json.12345.tmp'), '{')
    await expect(RunFolder.create(path, { fine: true })).resolves.toBeInstanceOf(RunFolder)
    writeFileSync(join(folder, 'file'), 'mine')
    await expect(RunFolder.create(join(folder, 'file', 'inside'), {})).rejects.toThrow(
      /cannot be (?:used|made)[\s\S]*E(?:NOTDIR|NOENT|EXIST)/,
    )
    expect(readFileSync(join(folder, 'file'), 'utf8')).toBe('mine')
  })

  it.each([
    ['cut off', (path: string) => truncateSync(path, 4), 'not JSON'],
    ['empty', (path: string) => truncateSync(path, 0), 'an empty file'],
    ['nested without end', (path: string) => writeFileSync(path, '{"a":'.repeat(1e6)), 'nested more than 64 deep'],
    ['a list', (path: string) => writeFileSync(path, '[]'), 'JSON that is no object'],
    ['of a terabyte', (path: string) => truncateSync(path, 2 ** 40), `${2 ** 40} bytes`],
  ] as const)('says what is wrong with a configuration that is %s', saysWhatIsWrong)

  it.skipIf(process.platform === 'win32')(
    'says what is wrong with a configuration that is a pipe (Windows has no such files)',
    () => saysWhatIsWrong('a pipe', (path) => makePipe(path), 'a pipe'),
  )

  async function saysWhatIsWrong(what: string, damage: (path: string) => void, received: string) {
    const run = await RunFolder.create(join(folder, `config ${what}`), { a: 1 })
    damage(join(run.path, 'config.json'))
    await expect(RunFolder.open(run.path)).rejects.toMatchObject({
      kind: 'file',
      message: expect.stringMatching(/is not the folder of a run[\s\S]*config\.json/),
      received: expect.stringContaining(received),
    })
  }
})

const changeTrainer = (path: string, values: object): void =>
  rewriteMetadata(path, (all) => ({ ...all, trainer: JSON.stringify({ ...JSON.parse(all.trainer ?? ''), ...values }) }))
