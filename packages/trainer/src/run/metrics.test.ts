import { spawnSync } from 'node:child_process'
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Metrics } from './metrics.js'
import type { RunRecord } from './records.js'

let folder = ''
let metrics = new Metrics('')
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'convzoo-metrics-'))
  metrics = new Metrics(join(folder, 'metrics.jsonl'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true, maxRetries: 9 }))

const score = { samples: 8, loss: 0.5, top1: 0.75, top5: 1 }
const stepOf = (step: number, epoch = Math.floor(step / 10)): RunRecord => ({
  type: 'step',
  step,
  epoch,
  samples: 4,
  loss: 1 / (step + 1),
  learningRate: 0.1,
  weightDecay: 0,
  seconds: 0.5,
  waited: 0,
})
const epochOf = (epoch: number): RunRecord => ({ type: 'epoch', epoch, training: score, validation: score, seconds: 3 })

/** So many epochs of ten steps. */
const epochs = (count: number): RunRecord[] =>
  Array.from({ length: count }, (_, epoch) => [
    ...Array.from({ length: 10 }, (_each, step) => stepOf(10 * epoch + step)),
    epochOf(epoch),
  ]).flat()

const text = (records: readonly object[]): string => records.map((record) => `${JSON.stringify(record)}\n`).join('')
const content = (): string => readFileSync(metrics.path, 'utf8')

async function readAll(): Promise<RunRecord[]> {
  const records: RunRecord[] = []
  for await (const record of metrics.read()) records.push(record)
  return records
}

const afterFive = { step: 50, epoch: 5, sample: 0 }

describe('the metrics of a run', () => {
  it('give back what was added', async () => {
    const records: RunRecord[] = [
      { type: 'starting-weights', source: 'runs/first', taken: ['a/kernel'], left: [], anew: ['b/bias'] },
      ...epochs(1),
      { type: 'bad-images', split: 'train', images: [{ name: 'a.png', reason: 'empty file' }] },
      { type: 'validation', ...score },
      { type: 'test', ...score },
    ]
    for (const record of records) await metrics.add(record)
    await metrics.sync()
    expect(await readAll()).toEqual(records)
  })

  it('take no record that could not be read again', async () => {
    for (const odd of [
      { type: 'step', step: 1 },
      { ...score, type: 'test', loss: Number.NaN },
      { type: 'other' },
      {},
    ]) {
      await expect(metrics.add(Object.assign(epochOf(0), { training: undefined }, odd))).rejects.toMatchObject({
        kind: 'option',
      })
    }
    expect(readdirSync(folder)).toEqual([])
  })

  it('hold the bad images of a large set in lines that can be read', async () => {
    const images = Array.from({ length: 20_000 }, (_, index) => ({
      name: `${'n'.repeat(1000)}${index}`,
      reason: 'empty file',
    }))
    await metrics.add({ type: 'bad-images', split: 'train', images })
    const read = await readAll()
    expect(read.flatMap((record) => (record.type === 'bad-images' ? record.images : []))).toEqual(images)
  })
})

describe('rewinding', () => {
  it('drops what came after the position and a last line that is cut off, and says nothing', async () => {
    const end = { type: 'test', ...score }
    writeFileSync(metrics.path, `${text([...epochs(6), end])}{"type":"step","st`)
    expect(await metrics.rewind(afterFive)).toEqual([])
    expect(content()).toBe(text(epochs(5)))
    expect(readdirSync(folder)).toEqual(['metrics.jsonl'])
  })

  it.each([
    ['cut off', '{"type":"step","step":11,"ep'],
    ['of zeros', '\u0000'.repeat(200)],
    ['without numbers', '{"type":"step","step":null}'],
    ['no object', '7'],
    ['nested without end', '['.repeat(100_000)],
  ])('keeps the records before and after a damaged line, and the file as it was: %s', async (_, damage) => {
    const records = epochs(5)
    const damaged = `${text(records.slice(0, 12)) + damage}\n${text(records.slice(13))}${text([stepOf(50)])}`
    writeFileSync(metrics.path, damaged)
    expect(await metrics.rewind(afterFive)).toEqual([
      expect.stringMatching(/metrics\.jsonl is damaged: line 13 is no record\..*metrics\.jsonl\.damaged-1\.$/),
    ])
    expect(content()).toBe(text(records.toSpliced(12, 1)))
    expect(readFileSync(`${metrics.path}.damaged-1`, 'utf8')).toBe(damaged)
    expect(await metrics.rewind(afterFive)).toEqual([])
  })

  it('keeps each damaged file under a name of its own', async () => {
    for (const name of ['damaged-1', 'damaged-2']) {
      writeFileSync(metrics.path, `nonsense\n${text(epochs(5))}`)
      await expect(metrics.rewind(afterFive)).resolves.toEqual([expect.stringContaining(name)])
    }
    expect(readdirSync(folder).sort()).toEqual(['metrics.jsonl', 'metrics.jsonl.damaged-1', 'metrics.jsonl.damaged-2'])
  })

  it('names a few of many damaged lines', async () => {
    writeFileSync(metrics.path, `${'x\n'.repeat(100)}${text(epochs(5))}`)
    expect((await metrics.rewind(afterFive))[0]).toContain('lines 1, 2, 3, 4, 5 and 95 more are no records')
  })

  it('drops records that stand there twice, and says so', async () => {
    const records = epochs(5)
    writeFileSync(metrics.path, text([...records.slice(0, 9), ...records.slice(6, 9), ...records.slice(9)]))
    expect((await metrics.rewind(afterFive))[0]).toContain('lines 10, 11, 12 cannot come after what stands before')
    expect(content()).toBe(text(records))
  })

  it('drops steps behind the end of their epoch, and of epochs that training has not reached', async () => {
    const records = epochs(5)
    writeFileSync(metrics.path, text([...records, stepOf(49, 4), stepOf(49, 99)]))
    expect((await metrics.rewind(afterFive))[0]).toContain('lines 56, 57 cannot')
    expect(content()).toBe(text(records))
  })

  it('keeps a whole last line that lacks no more than its end', async () => {
    writeFileSync(metrics.path, text(epochs(5)).trimEnd())
    expect(await metrics.rewind(afterFive)).toEqual([])
    appendFileSync(metrics.path, text([stepOf(50)]))
    expect(content()).toBe(text([...epochs(5), stepOf(50)]))
  })

  it('keeps records of a type that it does not know among those that stay', async () => {
    const records = [
      ...epochs(1),
      { type: 'weather', sun: true },
      ...epochs(2).slice(11),
      { type: 'weather', sun: false },
    ]
    writeFileSync(metrics.path, text(records))
    expect(await metrics.rewind({ step: 20, epoch: 2, sample: 0 })).toEqual([])
    expect(content()).toBe(text(records.slice(0, -1)))
    expect(await readAll()).toEqual(epochs(2))
  })

  it('has nothing to do where there is no file and nothing was done', async () => {
    expect(await metrics.rewind({ step: 0, epoch: 0, sample: 0 })).toEqual([])
    expect(await readAll()).toEqual([])
  })

  it.each([
    ['no file', () => undefined],
    ['an empty file', () => writeFileSync(metrics.path, '')],
  ])('says that there are no records of the steps before: %s', async (_, make) => {
    make()
    expect(await metrics.rewind(afterFive)).toEqual([expect.stringMatching(/metrics\.jsonl has no records.* 50 steps/)])
    expect(await readAll()).toEqual([])
  })

  it('refuses a line without end', async () => {
    writeFileSync(metrics.path, `${text(epochs(1))}${'x'.repeat(2 ** 24 + 1)}`)
    await expect(metrics.rewind(afterFive)).rejects.toMatchObject({
      kind: 'file',
      message: expect.stringMatching(/^Line 12 of .*metrics\.jsonl is too long/),
    })
  })

  it.skipIf(process.platform === 'win32')('refuses a pipe (Windows has no such files)', async () => {
    rmSync(metrics.path, { force: true })
    spawnSync('mkfifo', [metrics.path])
    const refusal = { kind: 'file', message: expect.stringContaining(metrics.path) }
    await expect(metrics.rewind(afterFive)).rejects.toMatchObject(refusal)
    await expect(readAll()).rejects.toMatchObject(refusal)
    await expect(metrics.add(stepOf(0))).rejects.toMatchObject(refusal)
  })
})

describe('metrics that are followed', () => {
  it('gives what was added since, and only lines that are whole', async () => {
    const taken: RunRecord[] = []
    const follow = metrics.follow({ take: (record) => taken.push(record), anew: () => expect.fail('It is the same.') })
    await follow()
    expect(taken).toEqual([])
    const [first = stepOf(0), second = stepOf(1), third = stepOf(2)] = epochs(1)
    await metrics.add(first)
    await follow()
    await follow()
    expect(taken).toEqual([first])
    const line = text([third])
    appendFileSync(metrics.path, text([second]) + line.slice(0, 20))
    await follow()
    expect(taken).toEqual([first, second])
    appendFileSync(metrics.path, line.slice(20))
    await follow()
    expect(taken).toEqual([first, second, third])
  })

  it.each([
    ['shorter', 12],
    ['as long and longer again', 40],
  ])('begins anew where the file was rewound, and is %s', async (_, steps) => {
    let taken: RunRecord[] = []
    const follow = metrics.follow({ take: (record) => taken.push(record), anew: () => (taken = []) })
    writeFileSync(metrics.path, text(Array.from({ length: 20 }, (_each, step) => stepOf(step))))
    await follow()
    const other = Array.from({ length: steps }, (_each, step) => ({ ...stepOf(step), samples: step < 8 ? 4 : 3 }))
    writeFileSync(metrics.path, text(other))
    await follow()
    expect(taken).toEqual(other)
  })
})
