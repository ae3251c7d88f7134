// Labels meet a network by name: a run and data that have changed since.
import { appendFileSync, cpSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { picture } from './pictures.mjs'
import { convzoo, refuse, same, says, succeed, writeFiles } from './sandbox.mjs'
import { photographs, small, smallTraining, tinyRun } from './tiny-run.mjs'

export const kind = 'labels and identity'

const weights = (run) => readFileSync(join(run, 'weights.safetensors'))

/** Runs a case on a run whose photographs can be changed: it is made anew, since a run remembers where they are. */
const own = (name, act) => ({
  name,
  async run(place) {
    const data = await photographs(join(place, 'fruit'))
    const run = join(place, 'run')
    await succeed(place, smallTraining(data, run, 1))
    await act({ place, data, run })
  },
})

const changed = [
  [
    'a class with another name',
    ({ data }) => renameSync(join(data, 'apple'), join(data, 'crabapple')),
    ['apple', 'crabapple'],
  ],
  [
    'a class more',
    async ({ data }) => writeFiles(data, { 'cherry/0.jpg': await picture(70), 'cherry/1.jpg': await picture(71) }),
    'cherry',
  ],
  ['a class less', ({ data }) => rmSync(join(data, 'berry'), { recursive: true }), 'berry'],
]

const otherFiles = [
  ['a picture more', async ({ data }) => writeFiles(data, { 'apple/new.jpg': await picture(80) })],
  ['a picture less', ({ data }) => rmSync(join(data, 'apple', '0.jpg'))],
  ['a picture of another size', ({ data }) => appendFileSync(join(data, 'apple', '1.jpg'), 'x')],
  [
    'a picture with another name',
    ({ data }) => renameSync(join(data, 'apple', '1.jpg'), join(data, 'apple', 'one.jpg')),
  ],
  [
    'a picture of the other class',
    ({ data }) => renameSync(join(data, 'apple', '1.jpg'), join(data, 'berry', 'one.jpg')),
  ],
]

export const cases = [
  ...changed.flatMap(([name, change, names]) => [
    own(`evaluate: ${name}`, async (made) => {
      await change(made)
      await refuse(made.place, ['evaluate', made.run], names)
    }),
    own(`resume: ${name}`, async (made) => {
      const before = weights(made.run)
      await change(made)
      await refuse(made.place, ['train', '--resume', made.run, '--epochs', '2'], names)
      same(weights(made.run).equals(before), true, 'the weights are those of before')
    }),
  ]),
  ...otherFiles.flatMap(([name, change]) => [
    own(`resume: ${name}`, async (made) => {
      const before = weights(made.run)
      await change(made)
      await refuse(made.place, ['train', '--resume', made.run, '--epochs', '2'], /changed|other|data/)
      same(weights(made.run).equals(before), true, 'the weights are those of before')
    }),
    own(`resume when asked: ${name}`, async (made) => {
      await change(made)
      const more = ['--epochs', '2', '--allow-changed-data']
      const { stdout, stderr } = await succeed(made.place, ['train', '--resume', made.run, ...more])
      says(stdout + stderr, /bit for bit/)
    }),
  ]),
  own('two classes swap their names', async ({ place, data, run }) => {
    renameSync(join(data, 'apple'), join(data, 'x'))
    renameSync(join(data, 'berry'), join(data, 'apple'))
    renameSync(join(data, 'x'), join(data, 'berry'))
    await refuse(place, ['train', '--resume', run, '--epochs', '2'], /changed|other|data/)
  }),
  own('classes in another order are mapped, and it is said', async ({ place, run }) => {
    const line = (name, at) => JSON.stringify({ image: `fruit/${name}/${at}.jpg`, label: name, split: 'test' })
    const lines = [0, 1, 2, 3, 4].flatMap((at) => [line('berry', at), line('apple', at)])
    const train = ['apple', 'berry'].map((label) =>
      JSON.stringify({ image: `fruit/${label}/0.jpg`, label, split: 'train' }),
    )
    writeFileSync(join(place, 'a.jsonl'), `${[...train, ...lines].join('\n')}\n`)
    const config = JSON.parse(readFileSync(join(run, 'config.json'), 'utf8'))
    const direct = await succeed(place, ['evaluate', run, '--data', join(place, 'a.jsonl'), '--split', 'test'])
    // The same run as if its classes had been learnt in the other order: its outputs are exchanged by name.
    writeFileSync(
      join(run, 'config.json'),
      JSON.stringify({ ...config, made: { ...config.made, classNames: [...config.made.classNames].reverse() } }),
    )
    const mapped = await succeed(place, ['evaluate', run, '--data', join(place, 'a.jsonl'), '--split', 'test'])
    says(mapped.stdout + mapped.stderr, /order/)
    const accuracy = ({ stdout }) => Number(/test accuracy ([\d.]+) %/.exec(stdout)?.[1])
    same(
      Math.abs(accuracy(direct) + accuracy(mapped) - 100) < 1e-6,
      true,
      `${accuracy(direct)} and ${accuracy(mapped)} add up`,
    )
  }),
  own('moved data: refused where they were, taken where they are', async ({ place, data, run }) => {
    const moved = join(place, 'elsewhere')
    const before = await succeed(place, ['evaluate', run])
    renameSync(data, moved)
    await refuse(place, ['evaluate', run], /fruit/)
    const after = await succeed(place, ['evaluate', run, '--data', moved])
    const last = ({ stdout }) => stdout.trimEnd().split('\n').at(-1)
    same(last(after), last(before), 'the last line')
    await succeed(place, ['train', '--resume', run, '--data', moved, '--epochs', '2'])
    await succeed(place, ['evaluate', run])
  }),
  own('moved data end as data that were not', async ({ place, data, run }) => {
    const twin = join(place, 'twin')
    cpSync(run, twin, { recursive: true })
    cpSync(data, join(place, 'copy'), { recursive: true })
    await succeed(place, ['train', '--resume', run, '--epochs', '2'])
    await succeed(place, ['train', '--resume', twin, '--data', join(place, 'copy'), '--epochs', '2'])
    same(weights(run).equals(weights(twin)), true, 'the weights are the same')
  }),
  {
    name: 'predict names classes by the run',
    async run(place, shared) {
      const { run, data } = await tinyRun(place, shared)
      const { stdout } = await succeed(place, ['predict', run, join(data, 'apple', '0.jpg'), '--json'])
      same(
        JSON.parse(stdout)[0]
          .top.map((each) => each.class)
          .sort(),
        ['apple', 'berry'],
        'classes',
      )
    },
  },
  ...[
    ['--dataset beside --data', ['--dataset', 'mnist'], /dataset/],
    ['--validation-split where there is a split', ['--validation-split', '0.3'], /validation/],
  ].map(([name, options, says]) => ({
    name,
    async run(place) {
      for (const split of ['train', 'val']) await photographs(join(place, 'fruit', split))
      await refuse(place, ['train', 'nin', '--data', join(place, 'fruit'), ...small, ...options], says)
    },
  })),
  {
    name: 'one picture in train and validation, and under two labels: said with names',
    async run(place) {
      const root = join(place, 'fruit')
      await photographs(join(root, 'train'))
      await photographs(join(root, 'val'))
      cpSync(join(root, 'train', 'apple', '0.jpg'), join(root, 'train', 'berry', 'twin.jpg'))
      const { stdout, stderr } = await succeed(place, [
        'train',
        'nin',
        '--data',
        root,
        ...small,
        '--run',
        join(place, 'run'),
      ])
      says(stdout + stderr, 'twin.jpg')
      says(stdout + stderr, /val\/apple\/0\.jpg|apple\/0\.jpg/)
    },
  },
  {
    name: 'equal files stay together where we divide',
    async run(place) {
      const root = await photographs(join(place, 'fruit'), ['apple', 'berry'], 12)
      for (let at = 0; at < 8; at++) cpSync(join(root, 'apple', `${at}.jpg`), join(root, 'apple', `copy-${at}.jpg`))
      const { stdout } = await succeed(place, ['data', 'inspect', root, '--json'])
      same(JSON.parse(stdout).duplicatesAcross, [], 'duplicates across splits')
    },
  },
  {
    name: 'classes far from balanced: said in one line',
    async run(place) {
      const root = await photographs(join(place, 'fruit'), ['apple', 'berry'], 3)
      await photographs(root, ['berry'], 40)
      const { stdout, stderr } = await succeed(place, [
        'train',
        'nin',
        '--data',
        root,
        ...small,
        '--run',
        join(place, 'run'),
      ])
      says(stdout + stderr, /balance/)
    },
  },
  {
    name: 'val is validated on, test is tested on, by these names',
    async run(place) {
      const root = join(place, 'fruit')
      await photographs(join(root, 'train'), undefined, 6)
      await photographs(join(root, 'val'), undefined, 2)
      await photographs(join(root, 'test'), undefined, 3)
      const run = join(place, 'run')
      const { stdout } = await succeed(place, ['train', 'nin', '--data', root, ...small, '--run', run])
      says(stdout, /validation accuracy/)
      says(stdout.trimEnd().split('\n').at(-1), /^test accuracy/)
      const records = readFileSync(join(run, 'metrics.jsonl'), 'utf8')
        .trimEnd()
        .split('\n')
        .map((text) => JSON.parse(text))
      same(records.find(({ type }) => type === 'epoch').validation.samples, 4, 'validation images')
      same([records.at(-1).type, records.at(-1).samples], ['test', 6], 'the last record')
    },
  },
  {
    name: 'without a test split nothing is called test',
    async run(place) {
      const data = await photographs(join(place, 'fruit'))
      const run = join(place, 'run')
      const { stdout, stderr } = await convzoo(place, ['train', 'nin', '--data', data, ...small, '--run', run])
      says(stdout.trimEnd().split('\n').at(-1), /^validation accuracy/)
      if (/\btest/i.test(stdout + stderr)) throw new Error(`It speaks of a test:\n${stdout}${stderr}`)
      const last = JSON.parse(readFileSync(join(run, 'metrics.jsonl'), 'utf8').trimEnd().split('\n').at(-1))
      same(last.type, 'validation', 'the last record')
    },
  },
]
