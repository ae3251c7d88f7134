// Run folders that were damaged, are in use, or are held wrongly.
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { inTheMidst } from './running.mjs'
import { refuse, same, says, succeed } from './sandbox.mjs'
import { photographs, small, tinyRun } from './tiny-run.mjs'

export const kind = 'run folders'

const damaged = [
  {
    name: 'the newest checkpoint is cut off: the one before serves, and it is said',
    act: (path) => writeFileSync(path, readFileSync(path).subarray(0, 3000)),
  },
  {
    name: 'the newest checkpoint holds NaN',
    act(path) {
      const bytes = readFileSync(path)
      bytes.writeFloatLE(Number.NaN, 8 + Number(bytes.readBigUInt64LE()) + 40)
      writeFileSync(path, bytes)
    },
  },
  ...[
    ['sample 1e9', { sample: 1e9 }],
    ['epoch 99', { epoch: 99 }],
    ['a step that is not its file’s', { step: 1 }],
  ].map(([name, fields]) => ({ name: `the newest checkpoint is at ${name}`, act: (path) => rewrite(path, fields) })),
].map(({ name, act }) => ({
  name,
  async run(place, shared) {
    const { run } = await tinyRun(place, shared)
    const checkpoints = join(run, 'checkpoints')
    const newest = readdirSync(checkpoints).sort().at(-1)
    act(join(checkpoints, newest))
    const { stdout, stderr } = await succeed(place, ['train', '--resume', run, '--epochs', '3'])
    says(stdout + stderr, newest)
  },
}))

/** A checkpoint whose trainer says that it stands elsewhere. */
function rewrite(path, fields) {
  const bytes = readFileSync(path)
  const length = Number(bytes.readBigUInt64LE())
  const header = JSON.parse(bytes.subarray(8, 8 + length).toString())
  const { trainer } = header.__metadata__
  header.__metadata__.trainer = JSON.stringify({ ...JSON.parse(trainer), ...fields })
  const json = Buffer.from(JSON.stringify(header))
  const padded = Buffer.concat([json, Buffer.alloc((8 - (json.length % 8)) % 8, 0x20)])
  const size = Buffer.alloc(8)
  size.writeBigUInt64LE(BigInt(padded.length))
  writeFileSync(path, Buffer.concat([size, padded, bytes.subarray(8 + length)]))
}

const slips = [
  [
    'predict on a broken picture',
    ({ run, place }) => {
      writeFileSync(join(place, 'broken.jpg'), 'x')
      return ['predict', run, join(place, 'broken.jpg')]
    },
    'broken.jpg',
  ],
  [
    'predict on a folder that holds none',
    ({ run, place }) => ['predict', run, join(place, 'run', 'checkpoints')],
    /image|picture/,
  ],
  ['resume with fewer epochs than done', ({ run }) => ['train', '--resume', run, '--epochs', '1'], /epochs/],
  [
    'resume a finished run with another rate',
    ({ run }) => ['train', '--resume', run, '--learning-rate', '0.5'],
    /finished|learning-rate/,
  ],
  ['train without data', () => ['train', 'alexnet'], [/--data/, /mnist/, /cifar10/]],
  ['a run folder that exists', ({ run, data }) => ['train', 'nin', '--data', data, '--run', run], /exists/],
  ['data that are nothing', ({ place }) => ['train', 'nin', '--data', join(place, 'nothing')], 'nothing'],
].map(([name, parameters, what]) => ({
  name,
  async run(place, shared) {
    const made = await tinyRun(place, shared)
    await refuse(place, parameters({ ...made, place }), what)
  },
}))

export const cases = [
  ...damaged,
  ...slips,
  {
    name: 'a damaged line of the metrics loses no other',
    async run(place, shared) {
      const { run } = await tinyRun(place, shared)
      const path = join(run, 'metrics.jsonl')
      const lines = readFileSync(path, 'utf8').trimEnd().split('\n')
      const broken = lines.map((line, at) => (at === 1 ? line.slice(0, 20) : line))
      writeFileSync(path, `${broken.join('\n')}\n`)
      const { stdout, stderr } = await succeed(place, ['train', '--resume', run, '--epochs', '3'])
      says(stdout + stderr, /damaged|metrics/)
      const kept = readdirSync(run).filter((name) => name.startsWith('metrics.jsonl') && name !== 'metrics.jsonl')
      same(kept.length, 1, `what was kept aside: ${readdirSync(run)}`)
      same(readFileSync(join(run, kept[0]), 'utf8'), `${broken.join('\n')}\n`, 'the file that was kept aside')
      const epochs = readFileSync(path, 'utf8')
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line))
        .filter(({ type }) => type === 'epoch')
      same(
        epochs.map(({ epoch }) => epoch),
        [0, 1, 2],
        'epochs in the metrics',
      )
    },
  },
  {
    name: 'a cut-off last line of the metrics is dropped',
    async run(place, shared) {
      const { run } = await tinyRun(place, shared)
      const path = join(run, 'metrics.jsonl')
      writeFileSync(path, `${readFileSync(path, 'utf8')}{"type":"step","st`)
      await succeed(place, ['train', '--resume', run, '--epochs', '3'])
      for (const line of readFileSync(path, 'utf8').trimEnd().split('\n')) JSON.parse(line)
    },
  },
  ...[
    ['of process -1', JSON.stringify({ process: -1, host: 'x' })],
    ['that is empty', ''],
    ['that is no JSON', '\u001b[2J'],
    [
      'of a process that is no more',
      JSON.stringify({ process: 999_999_999, host: execFileSync('hostname', { encoding: 'utf8' }).trim() }),
    ],
  ].map(([name, content]) => ({
    name: `a lock ${name} holds nobody up`,
    async run(place, shared) {
      const { run } = await tinyRun(place, shared)
      writeFileSync(join(run, 'lock'), content)
      await succeed(place, ['train', '--resume', run, '--epochs', '3'])
    },
  })),
  {
    name: 'a run that another process trains is refused',
    async run(place) {
      await inTheMidst(place, async (child, run) => {
        await refuse(place, ['train', '--resume', run], /process/)
        child.kill('SIGINT')
      })
    },
  },
  {
    name: 'a schedule whose rate jumps because epochs were added: said',
    async run(place) {
      const data = await photographs(join(place, 'fruit'))
      const run = join(place, 'run')
      await succeed(place, [
        'train',
        'nin',
        '--data',
        data,
        ...small,
        '--schedule',
        'cosine',
        '--epochs',
        '2',
        '--run',
        run,
      ])
      const { stdout, stderr } = await succeed(place, ['train', '--resume', run, '--epochs', '4'])
      says(stdout + stderr, /rate/)
    },
  },
]
