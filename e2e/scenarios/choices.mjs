import assert from 'node:assert/strict'
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { publishFolder } from '../publish.mjs'

export const title =
  "an outsider's optimizer, loss, dataset and callback are published, installed beside convzoo, chosen by flags and trained"

const choices = ['lion', 'focal', 'shapes', 'csv-log']

const flags = [
  ...[
    '--data',
    'shapes',
    '--shapes-count',
    '24',
    '--shapes-test-count',
    '6',
    '--input',
    '67x67x3',
    '--batch-size',
    '8',
  ],
  ...['--optimizer', 'lion', '--learning-rate', '1e-5', '--beta1', '0.95', '--loss', 'focal', '--gamma', '1.5'],
  ...['--callback', 'csv-log', '--csv-log-path', 'course.csv', '--epochs', '2', '--run', 'first'],
]

export async function run({ root, folder }) {
  // Another scenario publishes the examples under their own names, at the same registry.
  const names = []
  for (const choice of choices) {
    const example = folder(`choices-${choice}`).with({ ONNXRUNTIME_NODE_INSTALL: 'skip' })
    cpSync(join(root, 'examples', choice), example.path, {
      recursive: true,
      filter: (path) => !/[\\/](?:node_modules|dist)$/.test(path),
    })
    await example.npm('install')
    names.push((await publishFolder(example, (manifest) => ({ ...manifest, name: `${manifest.name}-chosen` }))).name)
  }
  const user = folder('choices-user').with({ ONNXRUNTIME_NODE_INSTALL: 'skip' })
  user.write('package.json', { name: 'user', private: true })
  await user.npm('install', 'convzoo', ...names)

  const listed = JSON.parse((await user.convzoo('list', '--json')).stdout)
  for (const [kind, id] of [
    ['optimizer', 'lion'],
    ['loss', 'focal'],
    ['dataset', 'shapes'],
    ['callback', 'csvLog'],
  ]) {
    const row = listed.find((each) => each.kind === kind && each.id === id)
    assert.match(row?.package ?? '', /^@convzoo-examples\/.*-chosen@0\.1\.0$/, `${kind} ${id}`)
  }

  const { stdout: help } = await user.convzoo('train', 'alexnet', '--optimizer', 'lion', '--help')
  assert.match(help, /--beta1 <number> +part of the mean in the sign/)

  const { stdout } = await user.convzoo('train', 'alexnet', ...flags)
  assert.match(stdout, /^test accuracy \d+\.\d\d %$/m)
  const [head, ...epochs] = user.read('course.csv').trimEnd().split('\n')
  assert.match(head, /^epoch,seconds,loss,top1/)
  assert.deepEqual(
    epochs.map((line) => line.split(',')[0]),
    ['1', '2'],
  )
  const { data, optimizer, loss, callbacks } = JSON.parse(user.read('first/config.json'))
  assert.equal(data.source, 'shapes')
  assert.deepEqual([optimizer.name, optimizer.beta1, optimizer.beta2], ['lion', 0.95, 0.99])
  assert.deepEqual([loss.name, loss.gamma, callbacks[0].name], ['focal', 1.5, 'csvLog'])
  assert.match((await user.convzoo('evaluate', 'first')).stdout, /accuracy/)

  const misspelled = await user.try(
    process.execPath,
    'node_modules/convzoo/dist/cli.js',
    'train',
    'alexnet',
    '--optimizer',
    'lino',
  )
  assert.notEqual(misspelled.status, 0)
  assert.match(misspelled.stderr, /did you mean lion\?[\s\S]*keywords:convzoo-optimizer/)
}
